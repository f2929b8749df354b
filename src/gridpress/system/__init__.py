"""What is asked of the machine: its processor and memory, its clock, Git."""
