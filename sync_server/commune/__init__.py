"""Setting a commune up and keeping it: villages, people, devices, lists."""
