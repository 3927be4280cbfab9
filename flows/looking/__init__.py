"""Answers about a home or a file that touch nothing."""
