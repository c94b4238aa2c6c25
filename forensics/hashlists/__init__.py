"""Lists of hashes: what one desk tells another about pictures without handing them over."""
