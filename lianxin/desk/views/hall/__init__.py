"""The pages of a hall: windows and lines, plans, appointments, figures, a leader's duty."""
