"""Who is calling, and what they may see and change: credentials, one-time codes and scopes.

It must not judge changes; that is the work of `sync`.
"""
