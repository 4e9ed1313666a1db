import { STATUS_CODES } from "node:http";
import { SourceError } from "./sources/source.ts";

/** Header values that matter to a failed answer, by lower-case name. */
type Headers = Readonly<Record<string, string>>;

const SECRET_PARAMETER = /(token|secret|passw|api_?key|^key$|auth|signature|^sig$)/i;

/** An address as it may be shown to people: user name, password and secret parameters are taken out. */
export function shownAddress(url: URL): string {
	const shown = new URL(url.href);
	if (shown.username) shown.username = "***";
	if (shown.password) shown.password = "***";
	for (const name of [...shown.searchParams.keys()]) {
		if (SECRET_PARAMETER.test(name)) shown.searchParams.set(name, "***");
	}
	return shown.href;
}

/** Our own guard's no. */
export function refused(url: URL, reason: string): SourceError {
	return new SourceError(
		"forbidden",
		`${shownAddress(url)} is not fetched: ${reason}. A host of your own can be allowed with ALLOW_PRIVATE_HOSTS.`,
	);
}

/** When the site said we may come back: Retry-After in seconds or as a date (RFC 9110, 10.2.3); undefined when it said nothing sensible. */
function retryAfter(headers: Headers, now: Date): Date | undefined {
	const value = headers["retry-after"]?.trim();
	if (!value) return undefined;
	if (/^\d{1,9}$/.test(value)) return new Date(now.getTime() + Number(value) * 1000);
	const time = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
	return Number.isNaN(time) ? undefined : new Date(time);
}

/** The error for an answer that is neither 200 nor 304. */
export function answeredError(url: URL, status: number, headers: Headers, now: Date): SourceError {
	const phrase = STATUS_CODES[status] ?? "no standard meaning";
	const retryAt = retryAfter(headers, now);
	const back = retryAt ? ` It may be asked again after ${retryAt.toISOString()}.` : "";
	const said = `${shownAddress(url)} answered ${status} (${phrase}).`;
	return new SourceError("status", `${said}${advice(status, headers)}${back}`, {
		status,
		...(retryAt ? { retryAt } : {}),
	});
}

function advice(status: number, headers: Headers): string {
	if (headers["cf-mitigated"] === "challenge")
		return " Mirsal is blocked by Cloudflare: allow its user agent or its address there.";
	if (status === 401 || status === 403)
		return " It does not let Mirsal in: check the address and whether it needs a login.";
	if (status === 404) return " There is nothing at this address: check it.";
	if (status === 410) return " It is gone for good: remove this address.";
	return "";
}

const UNREACHABLE: Readonly<Record<string, string>> = {
	ENOTFOUND: "its name is not known (DNS)",
	EAI_AGAIN: "its name could not be resolved just now (DNS)",
	ECONNREFUSED: "it refuses connections",
	ECONNRESET: "it closed the connection",
	EHOSTUNREACH: "there is no way to it from here",
	ENETUNREACH: "there is no way to it from here",
	EPIPE: "it closed the connection",
	UND_ERR_SOCKET: "it closed the connection",
};

const SLOW = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);

/** The error for a request that got no answer. SourceErrors pass unchanged. */
export function transportError(error: unknown, url: URL): SourceError {
	const known = sourceErrorIn(error);
	if (known) return known;
	const code = codeOf(error);
	if (SLOW.has(code)) return new SourceError("slow", `${shownAddress(url)} did not answer in time.`, { cause: error });
	const reason =
		UNREACHABLE[code] ??
		(isCertificate(code)
			? `its TLS certificate is not valid (${code})`
			: `no connection (${code || "unknown reason"})`);
	return new SourceError("unreachable", `${shownAddress(url)} cannot be reached: ${reason}.`, { cause: error });
}

function isCertificate(code: string): boolean {
	return /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO/.test(code);
}

function sourceErrorIn(error: unknown): SourceError | undefined {
	if (error instanceof SourceError) return error;
	if (error instanceof AggregateError) return error.errors.map(sourceErrorIn).find(Boolean);
	return error instanceof Error && error.cause !== undefined ? sourceErrorIn(error.cause) : undefined;
}

/** The system's or undici's code of an error, from wherever in it the code stands. */
function codeOf(error: unknown): string {
	if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
	if (!(error instanceof Error)) return "";
	if ("code" in error && typeof error.code === "string") return error.code;
	return codeOf(error.cause);
}
