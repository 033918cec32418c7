"""One module a noun; see ``cli.command`` for how to add one."""
