"""The demo: a made-up commune with the figures that xã Nguyệt Đức reported. No name, phone or answer is a real one."""
