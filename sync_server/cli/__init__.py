"""The command line of the server: each command reads its arguments, calls one function and prints the result.

No SQL and no rules of the survey here.
"""
