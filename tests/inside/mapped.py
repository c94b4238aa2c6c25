"""Places and tracks made on the spot: as programs write them, and packed."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

GPX = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- exported by hand -->
<gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:h="urn:heart" version="1.1" creator="Receiver 7">
<metadata><name>Morning</name><desc>By the river</desc>
<author><name>Jo Doe</name><email id="jo" domain="desk.example"/></author>
<copyright author="Jo Doe"><year>2025</year></copyright><link href="https://desk.example/"/>
<time>2025-03-01T06:30:00Z</time>
<bounds minlat="50.1" minlon="30.2" maxlat="50.2" maxlon="30.3"/></metadata>
<wpt lat="50.15" lon="30.25"><ele>99.5</ele><time>2025-03-01T05:00:00Z</time><name>Bridge</name></wpt>
<rte><name>Way</name><rtept lat="50.1" lon="30.2"/></rte>
<trk><name>Walk</name><trkseg>
<trkpt lat="50.1" lon="30.2"><ele>100</ele><time>2025-03-01T06:10:00.5Z</time>
<extensions><h:beat>120</h:beat></extensions></trkpt>
<trkpt lat="50.2" lon="30.3"><ele>101.25</ele><time>2025-03-01T06:09:00Z</time></trkpt>
</trkseg></trk></gpx>
"""

KML = b"""<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"
 xmlns:atom="http://www.w3.org/2005/Atom"><Document><name>Strikes</name>
<atom:author><atom:name>Desk</atom:name></atom:author><atom:generator>Mapper 3</atom:generator>
<Style id="s"><IconStyle><Icon><href>https://pins.example/a.png</href></Icon></IconStyle></Style>
<Folder><name>Day one</name>
<Placemark><name>A</name><description><![CDATA[<b>seen</b>]]></description><styleUrl>#s</styleUrl>
<TimeStamp><when>2025-01-02T03:04:05Z</when></TimeStamp>
<ExtendedData><Data name="source"><value>channel 9</value></Data></ExtendedData>
<Point><coordinates>30.5,50.4,0</coordinates></Point></Placemark>
<Placemark><name>Road</name><LineString><coordinates>
30.5,50.4 30.6,50.5
31,51,12</coordinates></LineString></Placemark>
<GroundOverlay><name>Sheet</name><Icon><href>files/sheet.png</href></Icon><LatLonBox>
<north>52</north><south>50</south><east>32</east><west>29</west></LatLonBox></GroundOverlay>
<NetworkLink><Link><href>https://elsewhere.example/more.kml</href></Link></NetworkLink>
<Placemark><gx:Track><when>2025-01-02T03:04:05Z</when><when>2025-01-02T03:05:05Z</when>
<gx:coord>30 50 1</gx:coord><gx:coord>30.1 50 1</gx:coord></gx:Track></Placemark>
</Folder></Document></kml>
"""

COLLECTION: dict[str, Any] = {
    "type": "FeatureCollection",
    "generator": "overpass-turbo",
    "copyright": "mappers of the world",
    "name": "masts",
    "bbox": [30, 50, 31, 51],
    "features": [
        {
            "type": "Feature",
            "id": "node/1",
            "properties": {
                "name": "Mast",
                "date": "2024-05-06",
                "height": 12.5,
                "tags": {"a": [1]},
            },
            "geometry": {"type": "Point", "coordinates": [30.5, 50.4, 120]},
        },
        {
            "type": "Feature",
            "properties": None,
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[30, 50], [31, 51], [30, 51], [30, 50]]],
            },
        },
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Point", "coordinates": [30.1, 50.1]}],
            },
        },
    ],
}
GEOJSON = json.dumps(COLLECTION).encode()
WORLD_FILE = b"0.5\n0.0\n0.0\n-0.5\n600000.25\n5500000.75\n"


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (2025, 12, 30, 6, 12, 0))
            info.compress_type = method
            archive.writestr(info, data)
    return stream.getvalue()


KMZ = zipped(("doc.kml", KML), ("files/sheet.png", b"\x89PNG" * 20))
EVERY = {"gpx": GPX, "kml": KML, "kmz": KMZ, "geojson": GEOJSON, "world-file": WORLD_FILE}
