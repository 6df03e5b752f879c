"""Who is calling, and what they may see and change: credentials, one-time codes and scopes.

It must not look into the body of a change; that is the work of `sync`.
"""
