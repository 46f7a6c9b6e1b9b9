# The terminal workbench is built here; see docs/architecture.md.
