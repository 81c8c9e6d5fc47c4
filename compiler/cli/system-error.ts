/** What an errno means, in words a person knows. */

export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : reasons[code]) ?? message ?? String(error);
}

/** What can be done about it, where that is not plain. */
export function adviceOn(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code === "ENOSPC" ? "make room on the disk" : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "part of the path is not a directory",
  EEXIST: "a file of that name is in the way",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many open files",
  EIO: "the disk does not answer",
  ETXTBSY: "it is running at this moment",
};
