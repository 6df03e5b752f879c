"""The addresses of the server: each translates, calls one function and answers."""
