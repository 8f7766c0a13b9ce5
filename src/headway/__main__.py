"""`python -m headway`, the same as `headway`."""

from headway.cli import program

if __name__ == "__main__":
    program()
