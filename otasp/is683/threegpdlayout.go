package is683

// Every layout in this file is UNVERIFIED: no public text gives the layouts of
// 3GPD blocks. No decoder uses them unless a caller passes one on.

func number(name string, bits int) LayoutField {
	return LayoutField{Kind: LayoutNumber, Name: name, Bits: bits}
}

func spare(bits int) LayoutField {
	return LayoutField{Kind: LayoutReserved, Name: "reserved", Bits: bits}
}

func octets(name string, bits int) LayoutField {
	return LayoutField{Kind: LayoutOctets, Name: name, Bits: bits}
}

func secret(name string, bits int) LayoutField {
	return LayoutField{Kind: LayoutOctets, Name: name, Bits: bits, Secret: true}
}

func list(name string, bits int, fields ...LayoutField) LayoutField {
	return LayoutField{Kind: LayoutList, Name: name, Bits: bits, Fields: fields}
}

func optional(name string, fields ...LayoutField) LayoutField {
	return LayoutField{Kind: LayoutOptional, Name: name, Bits: 1, Fields: fields}
}

func fields(f ...LayoutField) []LayoutField { return f }

// ThreeGPDConfigurationLayout is an unverified layout of a block in a 3GPD
// Configuration Response; nil when none is known at all.
func ThreeGPDConfigurationLayout(id uint8) *Layout {
	name := BlockName(TypeThreeGPDConfiguration, id)
	switch id {
	case ThreeGPDOperationCapability:
		return &Layout{name, fields(number("SIMPLE_IP", 1), number("MOBILE_IP", 1), number("MOBILE_IP_FALLBACK", 1), spare(5))}
	case ThreeGPDOperationMode:
		return &Layout{name, operationMode()}
	case ThreeGPDSimpleIPCapability:
		return &Layout{name, fields(number("MAX_NUM_NAI", 4), number("MAX_NAI_LENGTH", 8), number("MAX_SS_LENGTH", 5),
			number("AUTH_ALGO_SUPPORTED", 8), spare(7))}
	case ThreeGPDMobileIPCapability:
		return &Layout{name, fields(number("MAX_NUM_NAI", 4), number("MAX_NAI_LENGTH", 8),
			number("MAX_MN-AAA_SS_LENGTH", 5), number("MN-AAA_ALGO", 8),
			number("MAX_MN-HA_SS_LENGTH", 5), number("MN-HA_ALGO", 8), spare(2))}
	case ThreeGPDSimpleIPUserProfile:
		return &Layout{name, simpleIPProfile()}
	case ThreeGPDMobileIPUserProfile:
		return &Layout{name, append(retryInfo(), mobileIPEntries())}
	case ThreeGPDSimpleIPStatus:
		return &Layout{name, fields(number("ACT_NAI_ENTRY_INDEX", 4), spare(4))}
	case ThreeGPDHRPDUserProfile:
		return &Layout{name, hrpdProfile()}
	}
	return nil
}

// ThreeGPDDownloadLayout is an unverified layout of a block in a 3GPD Download
// Request; nil when none is known at all.
func ThreeGPDDownloadLayout(id uint8) *Layout {
	name := BlockName(TypeThreeGPDDownload, id)
	switch id {
	case ThreeGPDDownloadOperationMode:
		return &Layout{name, operationMode()}
	case ThreeGPDDownloadSimpleIPProfile:
		return &Layout{name, simpleIPProfile()}
	case ThreeGPDDownloadMobileIPProfile:
		return &Layout{name, fields(optional("RETRY_INFO_INCL", retryInfo()...), mobileIPEntries())}
	case ThreeGPDDownloadSimpleIPPAP, ThreeGPDDownloadSimpleIPCHAP:
		return &Layout{name, fields(list("NUM_NAI", 4, number("NAI_ENTRY_INDEX", 4), secret("SS", 5)))}
	case ThreeGPDDownloadMobileIPSecrets:
		return &Layout{name, fields(list("NUM_NAI", 4, number("NAI_ENTRY_INDEX", 4), secret("MN-AAA_SS", 5), secret("MN-HA_SS", 5)))}
	case ThreeGPDDownloadHRPDUserProfile:
		return &Layout{name, hrpdProfile()}
	case ThreeGPDDownloadHRPDCHAPSecret:
		return &Layout{name, fields(secret("SS", 5), spare(3))}
	}
	return nil
}

func operationMode() []LayoutField { return fields(number("OPERATION_MODE", 2), spare(6)) }

func simpleIPProfile() []LayoutField {
	return fields(list("NUM_NAI", 4, number("NAI_ENTRY_INDEX", 4), octets("NAI", 8), number("AUTH_ALGO", 4)))
}

func retryInfo() []LayoutField {
	return fields(number("MAX_NUM_RETRY", 2), number("FIRST_RETRY_TIMEOUT", 3), number("REREG_THRESHOLD", 6))
}

func mobileIPEntries() LayoutField {
	return list("NUM_NAI", 4, number("NAI_ENTRY_INDEX", 4), octets("NAI", 8), number("T_BIT", 1),
		number("HOME_ADDR", 32), number("PRI_HA_ADDR", 32), number("SEC_HA_ADDR", 32),
		number("MN-AAA_AUTH_ALGO", 4), optional("MN-AAA_SPI_IND", number("MN-AAA_SPI", 32)),
		number("MN-HA_AUTH_ALGO", 4), optional("MN-HA_SPI_IND", number("MN-HA_SPI", 32)))
}

func hrpdProfile() []LayoutField {
	return fields(octets("NAI", 8), number("AUTH_ALGO", 4), spare(4))
}
