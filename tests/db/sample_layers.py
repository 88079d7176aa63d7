"""Layers of a run as rows for published.py, as GDAL reads its GeoPackage."""
import os

from osgeo import ogr

from published import Layer

KINDS = {"Multi Polygon": "MULTIPOLYGON", "Point": "POINT", "Line String": "LINESTRING", "None": None}
TYPES = {ogr.OFTString: ("text", 0), ogr.OFTInteger: ("bool", 0), ogr.OFTInteger64: ("fixed", 0)}


def value_of(feature, i, kind, decimals):
    if not feature.IsFieldSetAndNotNull(i):
        return None
    value = feature.GetField(i)
    return bool(value) if kind == "bool" else f"{value:.{decimals}f}" if decimals != 0 else value


def read_layer(source):
    defn = source.GetLayerDefn()
    fields = [defn.GetFieldDefn(i) for i in range(defn.GetFieldCount())]
    columns = [(f.GetName(), *TYPES.get(f.GetType(), ("fixed", 9))) for f in fields]
    geometry = KINDS[ogr.GeometryTypeToName(source.GetGeomType())]
    rows = []
    for feature in source:
        row = [value_of(feature, i, *columns[i][1:]) for i in range(len(fields))]
        if geometry is not None:
            shape = feature.GetGeometryRef()
            row.append(None if shape is None else bytes(shape.ExportToWkb()))
        rows.append(tuple(row))
    return Layer(source.GetName(), geometry, columns, rows)


def sample_layers(folder, names=None):
    """({("public", name): Layer}, SRID): all of them, or those of the names."""
    package = ogr.Open(os.path.join(folder, "internal", "kayoi.gpkg"))
    found, srid = {}, None
    for at in range(package.GetLayerCount()):
        source = package.GetLayer(at)
        name = source.GetName()
        if name == "layer_styles" or (names is not None and name not in names):  # the first is how QGIS draws the others
            continue
        found["public", name] = read_layer(source)
        if source.GetSpatialRef() is not None:
            srid = int(source.GetSpatialRef().GetAuthorityCode(None))
    return found, srid
