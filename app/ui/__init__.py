"""The screens: what is shown is a function of the device's file and of a little state; they read, actions write."""
