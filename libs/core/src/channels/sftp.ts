/** A folder at a partner's SFTP server. */
export interface SftpChannel {
  host: string;
  port: number;
  user: string;
  /** PEM or OpenSSH private key of Relais there */
  key: string;
  /** SHA-256 of the server's host keys, base64 as `ssh-keygen -l` shows it: any other is refused */
  hostKeys: readonly string[];
  /** where deposits go, and where acknowledgements are found */
  folder: string;
  acknowledgements: string;
}
