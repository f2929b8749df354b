"""Processes: parent and child that end together, interrupts, the watchdog, and what killed processes leave behind."""
