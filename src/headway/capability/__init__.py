"""Open capability scale: levels of models and countries from public benchmark results (docs/capability.md).

The constants here are shared by the fit, which needs JAX, and by the placement of a user's model, which does not.
"""

UNIT = 10.0  # ECI points; levels and difficulties run in tens of points inside the fit
STUDENT_T_DEGREES = 4.0  # of the noise of a score
