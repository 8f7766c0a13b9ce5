"""What the model says: members × scenario → labelled runs, from the posterior where there is one, else the prior."""
