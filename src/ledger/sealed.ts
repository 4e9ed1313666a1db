import { createCipheriv, createDecipheriv, scryptSync } from "node:crypto";
import { gunzipSync } from "node:zlib";

const HEAD = Buffer.from("MIRSAL-SEALED-1\n", "latin1");
const SALT = 16;
const IV = 12;
const TAG = 16;

/** Bytes of chance that a seal needs. */
export const CHANCE = SALT + IV;

/** A sealed file that cannot be opened, in a sentence. */
export class SealError extends Error {
	override readonly name = "SealError";
}

/**
 * Encrypts bytes with a passphrase: AES-256-GCM, the key by scrypt (N 16384, r 8, p 1) from the passphrase and the salt.
 * The file is the line `MIRSAL-SEALED-1`, 16 bytes of salt, 12 of nonce, 16 of tag, and the encrypted bytes; the line counts as additional data.
 */
export function seal(bytes: Uint8Array, passphrase: string, chance: Uint8Array): Buffer {
	if (chance.length !== CHANCE) throw new RangeError(`a seal needs ${CHANCE} bytes of chance`);
	const salt = chance.subarray(0, SALT);
	const iv = chance.subarray(SALT);
	const cipher = createCipheriv("aes-256-gcm", scryptSync(passphrase, salt, 32), iv);
	cipher.setAAD(HEAD);
	const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
	return Buffer.concat([HEAD, salt, iv, cipher.getAuthTag(), sealed]);
}

/** Whether a file begins as a sealed one. */
export const isSealed = (bytes: Uint8Array): boolean => HEAD.equals(bytes.subarray(0, HEAD.length));

/** What was sealed with the passphrase. Throws SealError for another passphrase, and for a file that was changed or is none of ours. */
export function unseal(file: Uint8Array, passphrase: string): Buffer {
	if (!isSealed(file) || file.length < HEAD.length + SALT + IV + TAG)
		throw new SealError("this is no file that the bot has encrypted");
	const [first, second, third] = [HEAD.length, HEAD.length + SALT, HEAD.length + SALT + IV];
	const [salt, iv, tag] = [
		file.subarray(first, second),
		file.subarray(second, third),
		file.subarray(third, third + TAG),
	];
	const decipher = createDecipheriv("aes-256-gcm", scryptSync(passphrase, salt, 32), iv);
	decipher.setAAD(HEAD);
	decipher.setAuthTag(tag);
	try {
		return Buffer.concat([decipher.update(file.subarray(third + TAG)), decipher.final()]);
	} catch {
		throw new SealError("LEDGER_KEY is not the one that this file was encrypted with, or the file is damaged");
	}
}

/** The ledger in a copy that the bot has sent, encrypted or not. Throws SealError. */
export function unpack(file: Uint8Array, passphrase: string | undefined): Buffer {
	if (isSealed(file) && passphrase === undefined)
		throw new SealError("the file is encrypted: set LEDGER_KEY to the key that it was encrypted with");
	const packed = isSealed(file) && passphrase !== undefined ? unseal(file, passphrase) : file;
	try {
		return gunzipSync(packed);
	} catch {
		throw new SealError("this is no copy of a ledger that the bot has sent, or the file is damaged");
	}
}
