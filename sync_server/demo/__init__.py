"""The demo: a made-up commune with the figures that xã Nguyệt Đức reported. No name, phone or answer is a real one.

It must not write to the tables itself: everything goes through the functions of `commune` and the API.
"""
