"""Decides how a report is written: PDF, web page, workbook, JSON."""
