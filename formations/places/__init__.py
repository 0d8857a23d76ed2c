"""The seats: who has one, who waits, and nothing promised twice.

Only this room changes the `statut` of an inscription or what is counted of a session. Every act takes the lock of its
session (`verrous`), decides, writes the history, and promotes whoever passes before its transaction ends.
"""
