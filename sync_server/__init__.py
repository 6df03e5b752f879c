"""The sync server: keeps what communes survey, judges changes, and answers phones. It must not import `app`."""
