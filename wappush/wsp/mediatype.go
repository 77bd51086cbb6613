package wsp

import (
	"fmt"
	"strings"
)

// MediaType is the registered number of a content type.
type MediaType uint32

// Media types of pushes, with the names of their documents.
const (
	SI                MediaType = 0x2d // text/vnd.wap.si
	SIC               MediaType = 0x2e // its WBXML
	SL                MediaType = 0x2f
	SLC               MediaType = 0x30
	CO                MediaType = 0x31
	COC               MediaType = 0x32
	MultipartRelated  MediaType = 0x33
	ConnectivityXML   MediaType = 0x35 // client provisioning
	ConnectivityWBXML MediaType = 0x36
	MMSMessage        MediaType = 0x3e
	DMWBXML           MediaType = 0x42
	DMXML             MediaType = 0x43
	Notification      MediaType = 0x44 // device management, package 0
	DSNotification    MediaType = 0x4e
	DMNotification    MediaType = 0x58 // of DM 1.3
	OctetStream       MediaType = 0x5a
	PhonecomMMCWBXML  MediaType = 0x020a
	IOTAMMCWBXML      MediaType = 0x0300
	IOTAMMCXML        MediaType = 0x0301
	SyncMLXML         MediaType = 0x0302
	SyncMLWBXML       MediaType = 0x0303
	EMNXML            MediaType = 0x0304
	EMNWBXML          MediaType = 0x030a
	ROAPTrigger       MediaType = 0x0316
)

var mediaNames = [...]struct {
	media MediaType
	name  string
}{
	{SI, "text/vnd.wap.si"},
	{SIC, "application/vnd.wap.sic"},
	{SL, "text/vnd.wap.sl"},
	{SLC, "application/vnd.wap.slc"},
	{CO, "text/vnd.wap.co"},
	{COC, "application/vnd.wap.coc"},
	{MultipartRelated, "application/vnd.wap.multipart.related"},
	{ConnectivityXML, "text/vnd.wap.connectivity-xml"},
	{ConnectivityWBXML, "application/vnd.wap.connectivity-wbxml"},
	{MMSMessage, "application/vnd.wap.mms-message"},
	{DMWBXML, "application/vnd.syncml.dm+wbxml"},
	{DMXML, "application/vnd.syncml.dm+xml"},
	{Notification, "application/vnd.syncml.notification"},
	{DSNotification, "application/vnd.syncml.ds.notification"},
	{DMNotification, "application/vnd.syncml.dm.notification"},
	{OctetStream, "application/octet-stream"},
	{PhonecomMMCWBXML, "application/vnd.phonecom.mmc-wbxml"},
	{IOTAMMCWBXML, "application/iota.mmc-wbxml"},
	{IOTAMMCXML, "application/iota.mmc-xml"},
	{SyncMLXML, "application/vnd.syncml+xml"},
	{SyncMLWBXML, "application/vnd.syncml+wbxml"},
	{EMNXML, "text/vnd.wap.emn+xml"},
	{EMNWBXML, "application/vnd.wap.emn+wbxml"},
	{ROAPTrigger, "application/vnd.oma.drm.roap-trigger+wbxml"},
}

// String is the name of the type, or its number.
func (m MediaType) String() string {
	for i := range mediaNames {
		if mediaNames[i].media == m {
			return mediaNames[i].name
		}
	}
	return fmt.Sprintf("0x%02x", uint32(m))
}

// ParseMediaType is the number of a media type's name, in any case.
func ParseMediaType(name string) (MediaType, bool) {
	for i := range mediaNames {
		if strings.EqualFold(mediaNames[i].name, name) {
			return mediaNames[i].media, true
		}
	}
	return 0, false
}
