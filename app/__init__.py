"""The Flet client: one program for the phone, the browser and the hosted screens."""
