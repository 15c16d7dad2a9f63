"""What equipment speaks: one file a protocol, from its document. A new file here with a SIMULATOR in it is all it takes."""
