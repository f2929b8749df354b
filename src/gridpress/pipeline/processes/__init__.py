"""Processes: DVC as parent and as child, interrupts, the watchdog, and what killed processes leave behind."""
