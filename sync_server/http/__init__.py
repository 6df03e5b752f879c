"""What surrounds every request: bounded bodies, headers, compression, problem answers, dependencies of the routes.

It must not know single routes or rules of the survey.
"""
