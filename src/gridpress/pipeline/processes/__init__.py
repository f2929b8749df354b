"""Processes: parent and child that end together, interrupts, the watchdog, what killed ones leave behind."""
