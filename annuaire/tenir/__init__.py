"""Keeping the whole directory true: files of agents, doubles, merges."""
