"""Asking for seats: who may, by which rules, with which visa. The seats themselves are decided in `places`."""
