"""What analyses were measured on, one JSON file each, written by `bench/calibrate.py`."""
