"""How the offline web app is built and served. Nothing here runs inside the app."""
