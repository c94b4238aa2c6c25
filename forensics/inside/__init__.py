"""What a file carries beside what it shows: readers of formats, each giving a tree of parts."""
