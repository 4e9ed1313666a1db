import ipaddr from "ipaddr.js";

/** The only IPv6 space that IANA hands out for the public internet; everything else translates, tunnels or stays at home. */
const GLOBAL_IPV6: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];

/** Whether an IP address (no brackets, no port) belongs to the public internet; false for what is no address at all. */
export function isPublicAddress(address: string): boolean {
	if (!ipaddr.isValid(address)) return false;
	const parsed = ipaddr.process(address);
	if (parsed.range() !== "unicast") return false;
	return parsed.kind() === "ipv4" || (parsed as ipaddr.IPv6).match(GLOBAL_IPV6);
}

/** The bare IP address in a URL's host, or undefined when the host is a name that has to be resolved. */
export function literalAddress(url: URL): string | undefined {
	const bare = url.hostname.replace(/^\[|\]$/g, "");
	return ipaddr.isValid(bare) ? bare : undefined;
}

/** Gives a test for addresses whose exact `host` or `host:port` the operator has exempted from the guard. */
export function exemption(allowed: readonly string[]): (url: URL) => boolean {
	const known = new Set(allowed.map((entry) => entry.trim().toLowerCase()).filter(Boolean));
	return (url) => {
		const host = url.hostname.toLowerCase();
		const port = url.port || (url.protocol === "https:" ? "443" : "80");
		return [host, host.replace(/^\[|\]$/g, ""), `${host}:${port}`].some((name) => known.has(name));
	};
}
