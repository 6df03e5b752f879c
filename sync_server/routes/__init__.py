"""JSON over HTTP, one file per resource: each route reads the request, calls one function and answers.

No SQL and no rules of the survey here.
"""
