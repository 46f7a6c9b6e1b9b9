# Translations.  scripts/update-po.sh collects the messages; the catalogues are built with msgfmt when it is there.
EXTRA_DIST += po/ja.po
PO_CATALOGS = locale/ja/LC_MESSAGES/yogo.mo
locale/ja/LC_MESSAGES/yogo.mo: po/ja.po
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)$(MSGFMT) -c -o $@ $<
if HAVE_MSGFMT
all-local: $(PO_CATALOGS)
install-data-local: $(PO_CATALOGS)
	$(MKDIR_P) $(DESTDIR)$(localedir)/ja/LC_MESSAGES
	$(INSTALL_DATA) locale/ja/LC_MESSAGES/yogo.mo $(DESTDIR)$(localedir)/ja/LC_MESSAGES/yogo.mo
uninstall-local:
	rm -f $(DESTDIR)$(localedir)/ja/LC_MESSAGES/yogo.mo
endif
CLEANFILES += $(PO_CATALOGS)
