"""The screens. They show the device's file and a little state of their own; screens read, actions write."""
