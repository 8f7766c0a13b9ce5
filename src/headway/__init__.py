"""Headway: evidence goes in, a dated and scored judgement comes out, and every number on the way can be traced back."""

__version__ = "0.1.0"
