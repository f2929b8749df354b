"""Where the files of a study lie, the runs that its grid asks for, their records, its profiles."""
