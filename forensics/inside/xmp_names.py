"""Names of XMP: prefixes in use for its namespaces, what may name a person, what properties mean.

Sources: ISO 16684-1:2019; XMP Specification part 2 (Adobe, 2016); IPTC Photo Metadata Standard 2023.2; CIPA
DC-010 (Exif in XMP); MWG Guidelines 2.0; vendors' pages for the others.
"""

from __future__ import annotations

import re
from typing import Final

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML: Final = "http://www.w3.org/XML/1998/namespace"
META: Final = "adobe:ns:meta/"

_ADOBE = "http://ns.adobe.com/"
_GOOGLE = "http://ns.google.com/photos/1.0/"
_MICROSOFT = "http://ns.microsoft.com/photo/"

PREFIXES: Final = {
    META: "x",
    RDF: "rdf",
    XML: "xml",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://creativecommons.org/ns#": "cc",
    f"{_ADOBE}xap/1.0/": "xmp",
    f"{_ADOBE}xap/1.0/rights/": "xmpRights",
    f"{_ADOBE}xap/1.0/mm/": "xmpMM",
    f"{_ADOBE}xap/1.0/bj/": "xmpBJ",
    f"{_ADOBE}xap/1.0/t/pg/": "xmpTPg",
    f"{_ADOBE}xap/1.0/g/": "xmpG",
    f"{_ADOBE}xap/1.0/g/img/": "xmpGImg",
    f"{_ADOBE}xap/1.0/sType/ResourceEvent#": "stEvt",
    f"{_ADOBE}xap/1.0/sType/ResourceRef#": "stRef",
    f"{_ADOBE}xap/1.0/sType/Version#": "stVer",
    f"{_ADOBE}xap/1.0/sType/Job#": "stJob",
    f"{_ADOBE}xap/1.0/sType/Dimensions#": "stDim",
    f"{_ADOBE}xap/1.0/sType/Font#": "stFnt",
    f"{_ADOBE}xap/1.0/sType/ManifestItem#": "stMfs",
    f"{_ADOBE}xmp/sType/Area#": "stArea",
    f"{_ADOBE}xmp/note/": "xmpNote",
    f"{_ADOBE}xmp/Identifier/qual/1.0/": "xmpidq",
    f"{_ADOBE}xmp/1.0/DynamicMedia/": "xmpDM",
    f"{_ADOBE}pdf/1.3/": "pdf",
    f"{_ADOBE}pdfx/1.3/": "pdfx",
    "http://www.aiim.org/pdfa/ns/id/": "pdfaid",
    f"{_ADOBE}photoshop/1.0/": "photoshop",
    f"{_ADOBE}camera-raw-settings/1.0/": "crs",
    f"{_ADOBE}camera-raw-saved-settings/1.0/": "crss",
    f"{_ADOBE}lightroom/1.0/": "lr",
    f"{_ADOBE}illustrator/1.0/": "illustrator",
    f"{_ADOBE}creatorAtom/1.0/": "creatorAtom",
    f"{_ADOBE}album/1.0/": "album",
    f"{_ADOBE}bwf/bext/1.0/": "bext",
    f"{_ADOBE}riff/info/": "riffinfo",
    f"{_ADOBE}DICOM/": "DICOM",
    f"{_ADOBE}hdr-gain-map/1.0/": "hdrgm",
    f"{_ADOBE}tiff/1.0/": "tiff",
    f"{_ADOBE}exif/1.0/": "exif",
    f"{_ADOBE}exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://cipa.jp/exif/2.32/": "exifEX",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
    "http://xmp.gettyimages.com/gift/1.0/": "GettyImagesGIFT",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://www.metadataworkinggroup.com/schemas/keywords/": "mwg-kw",
    "http://www.metadataworkinggroup.com/schemas/collections/": "mwg-coll",
    f"{_MICROSOFT}1.0": "MicrosoftPhoto",
    f"{_MICROSOFT}1.0/": "MicrosoftPhoto",
    f"{_MICROSOFT}1.2/": "MP",
    f"{_MICROSOFT}1.2/t/RegionInfo#": "MPRI",
    f"{_MICROSOFT}1.2/t/Region#": "MPReg",
    "http://ns.apple.com/faceinfo/1.0/": "apple-fi",
    "http://ns.apple.com/HDRGainMap/1.0/": "HDRGainMap",
    "http://ns.apple.com/pixeldatainfo/1.0/": "apdi",
    "http://ns.apple.com/namespace/1.0/": "apple_desktop",
    f"{_GOOGLE}camera/": "GCamera",
    f"{_GOOGLE}panorama/": "GPano",
    f"{_GOOGLE}depthmap/": "GDepth",
    f"{_GOOGLE}image/": "GImage",
    f"{_GOOGLE}audio/": "GAudio",
    f"{_GOOGLE}focus/": "GFocus",
    f"{_GOOGLE}creations/": "GCreations",
    f"{_GOOGLE}container/": "GContainer",
    f"{_GOOGLE}container/item/": "GContainerItem",
    "http://ns.google.com/photos/dd/1.0/device/": "Device",
    "http://ns.google.com/videos/1.0/spherical/": "GSpherical",
    "http://www.dji.com/drone-dji/1.0/": "drone-dji",
    "http://pix4d.com/camera/1.0": "Camera",
    "http://pix4d.com/camera/1.0/": "Camera",
    "http://www.digikam.org/ns/1.0/": "digiKam",
    "http://darktable.sf.net/": "darktable",
    "http://www.gimp.org/xmp/": "GIMP",
    "http://ns.acdsee.com/iptc/1.0/": "acdsee",
}

_HARMLESS: Final = re.compile(
    r"(x|rdf|xml|xmp|xmpMM|xmpTPg|xmpG|xmpGImg|xmpidq|xmpNote|stVer|stEvt|stRef|stMfs|stDim|stFnt|stArea"
    r"|pdf|pdfaid|photoshop|crs|crss|illustrator|hdrgm|tiff|exif|aux|exifEX|HDRGainMap|apdi|GCamera|GPano"
    r"|GDepth|GFocus|GCreations|GContainer|GContainerItem|GSpherical|GIMP|darktable|cc|Camera):.*"
    r"|dcterms:provenance|Iptc4xmpExt:(DigitalSource(file)?Type|AISystem(Version)?Used)",
    re.DOTALL,
)
"""Of all other namespaces, every property is taken to be personal."""

_PERSONAL: Final = re.compile(
    r"tiff:(Artist|Copyright|ImageDescription)"
    r"|exif:(GPS.*|UserComment|ImageUniqueID|OwnerName)"
    r"|exifEX:((Camera)?OwnerName|(Body|Lens)?SerialNumber|Photographer|ImageEditor)"
    r"|aux:((Lens)?SerialNumber|OwnerName|ImageNumber)"
    r"|photoshop:(AuthorsPosition|CaptionWriter|City|State|Country|Credit|Headline|Instructions|Source)"
    r"|photoshop:(TextLayers|TransmissionReference)"
    r"|xmp:(Nickname|Author|Title|Description|Identifier)"
    r"|pdf:(Author|Title|Subject|Keywords|Copyright)"
    r"|stRef:filePath|stVer:(comments|modifier)|stMfs:reference|crs:RawFileName|GPano:SourceFile",
    re.DOTALL,
)
"""Of the others, these."""

MEANINGS: Final = {
    "x:xmptk": "the toolkit that wrote this packet",
    "rdf:about": "the document that this packet describes",
    "xmp:CreatorTool": "the program or device that made the document first, as stated",
    "xmp:CreateDate": "when the document was made, as stated",
    "xmp:ModifyDate": "when the document was last changed, as stated",
    "xmp:MetadataDate": "when the metadata were last changed, as stated",
    "photoshop:DateCreated": "when what is shown was recorded or made, as stated",
    "xmpMM:DocumentID": "names the document through all its versions",
    "xmpMM:InstanceID": "names this version of the document",
    "xmpMM:OriginalDocumentID": "names the document as it was first made",
    "xmpMM:History": "steps that programs say they took, in stored order",
    "xmpMM:DerivedFrom": "the document that this one was made from, as stated",
    "xmpMM:Ingredients": "documents that were placed in this one, as stated",
    "xmpMM:Pantry": "metadata of documents that were placed in this one",
    "xmpMM:ManagedFrom": "the managed document that this one was made from, as stated",
    "xmpMM:Versions": "versions of the document, as stated",
    "photoshop:DocumentAncestors": "documents whose parts were pasted into this one, as stated",
    "photoshop:TextLayers": "text layers of the document in Photoshop",
    "stEvt:action": "what was done",
    "stEvt:when": "when",
    "stEvt:softwareAgent": "the program that did it",
    "stEvt:changed": "what was changed",
    "stEvt:parameters": "how it was done",
    "stEvt:instanceID": "names the version that the step made",
    "stRef:documentID": "names the document",
    "stRef:instanceID": "names its version",
    "stRef:originalDocumentID": "names it as it was first made",
    "stRef:filePath": "where its file lay",
    "Iptc4xmpExt:DigitalSourceType": "how the picture came into being, as stated",
    "Iptc4xmpExt:DigitalSourcefileType": "how the picture came into being, as stated (older name)",
    "Iptc4xmpExt:AISystemUsed": "the generative system that was used, as stated",
    "Iptc4xmpExt:AISystemVersionUsed": "its version, as stated",
    "Iptc4xmpExt:AIPromptInformation": "the instruction given to the system, as stated",
    "Iptc4xmpExt:AIPromptWriterName": "who wrote the instruction, as stated",
    "Iptc4xmpExt:PersonInImage": "persons shown, as stated",
    "Iptc4xmpExt:LocationCreated": "where it was recorded, as stated",
    "Iptc4xmpExt:LocationShown": "the place shown, as stated",
    "mwg-rs:Regions": "marked regions, such as faces, as stated",
    "MP:RegionInfo": "marked regions, such as faces, as stated",
    "dcterms:provenance": "where content credentials are kept, as stated",
    "xmpNote:HasExtendedXMP": "digest of the extended packet that belongs to this one",
    "exif:GPSLatitude": "latitude",
    "exif:GPSLongitude": "longitude",
    "exif:GPSAltitude": "height in metres",
    "drone-dji:GpsLatitude": "latitude in degrees",
    "drone-dji:GpsLongitude": "longitude in degrees",
}


def is_personal(name: str) -> bool:
    """Whether a property may name or locate a person: what is not known to be harmless may."""
    return not _HARMLESS.fullmatch(name) or bool(_PERSONAL.fullmatch(name))
