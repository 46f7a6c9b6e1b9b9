#!/bin/sh
# Collects the messages of the sources into po/ja.po, keeping what is translated.
set -eu
cd "$(dirname "$0")/.."
find src include -name '*.[ch]' | sort >po/files
xgettext --from-code=UTF-8 --language=C --keyword --keyword=_ --keyword=N_ --no-location --sort-output --package-name=yogo \
	--copyright-holder="The Yogo authors" --files-from=po/files -o po/yogo.pot
if [ -e po/ja.po ]; then
	msgmerge -q --no-fuzzy-matching --sort-output -o po/ja.new po/ja.po po/yogo.pot
	mv po/ja.new po/ja.po
else
	msginit --no-translator -l ja.UTF-8 -i po/yogo.pot -o po/ja.po
fi
msgfmt --statistics -o /dev/null po/ja.po
rm -f po/files po/yogo.pot
