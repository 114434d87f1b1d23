"""Tie strength: how strong is this tie, how sure are we, and why."""
