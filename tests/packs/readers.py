"""What python-pptx and openpyxl find in a deck and in a workbook, as JSON: argument 1 the deck, argument 2 the workbook."""
import io
import json
import sys
import zipfile
from xml.etree import ElementTree

import openpyxl
from pptx import Presentation

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def charts(slide):
    for shape in slide.shapes:
        if not shape.has_chart:
            continue
        chart = shape.chart
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
        plots = [
            {"name": series.name, "values": list(series.values), "categories": list(plot.categories)}
            for plot in chart.plots
            for series in plot.series
        ]
        yield {"series": plots, "book": rows, "native": shape.shape_type is not None}


def sizes(slide):
    """Sizes of text in points that a table or a list of the slide says itself."""
    for shape in slide.shapes:
        frames = []
        if shape.has_text_frame and not (shape.is_placeholder and shape.placeholder_format.type in (13, 15, 16)):
            frames.append(shape.text_frame)
        if shape.has_table:
            frames += [cell.text_frame for row in shape.table.rows for cell in row.cells]
        for frame in frames:
            for paragraph in frame.paragraphs:
                for run in paragraph.runs:
                    if run.font.size is not None and run.text.strip():
                        yield run.font.size.pt


def deck(path):
    show = Presentation(path)
    slides = []
    for slide in show.slides:
        title = slide.shapes.title
        slides.append({
            "title": title.text_frame.text if title is not None else None,
            "layout": slide.slide_layout.name,
            "notes": slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "",
            "charts": list(charts(slide)),
            "rows": [len(shape.table.rows) for shape in slide.shapes if shape.has_table],
            "smallest": min(sizes(slide), default=None),
        })
    with zipfile.ZipFile(path) as parts:
        theme = ElementTree.fromstring(parts.read("ppt/theme/theme1.xml"))
    colours = {
        scheme.tag.removeprefix(A): next(iter(scheme)).get("val") or next(iter(scheme)).get("lastClr")
        for scheme in theme.find(f"{A}themeElements/{A}clrScheme")
    }
    fonts = [font.get("typeface") for font in theme.iter(f"{A}latin")]
    return {"slides": slides, "colours": colours, "fonts": fonts, "wide": show.slide_width / show.slide_height}


def book(path):
    sheets = []
    for sheet in openpyxl.load_workbook(path).worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        sheets.append({
            "name": sheet.title,
            "frozen": sheet.freeze_panes,
            "charts": len(sheet._charts),
            "computes": [cell.coordinate for cell in cells if cell.data_type == "f"],
            "texts": [cell.value for cell in cells if cell.data_type == "s"],
            "formats": sorted({cell.number_format for cell in cells if cell.data_type in "nd"}),
            "table": [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4) if row[0].value is not None],
        })
    return sheets


print(json.dumps({"deck": deck(sys.argv[1]), "book": book(sys.argv[2])}, default=str))
