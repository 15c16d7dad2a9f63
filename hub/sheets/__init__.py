"""Tables that an office sends: CSV, Excel workbooks and JSON in, rows of text out. The only place that knows openpyxl."""
