/** Functions of libc, by the header that declares them (ISO C and POSIX): in C a program cannot have one of its own with such a name. */

/** The header that declares a libc function of this name. */
export function libcHeader(name: string): string | undefined {
  return headers.get(name);
}

const functions: Readonly<Record<string, string>> = {
  "complex.h":
    "cabs cacos cacosh carg casin casinh catan catanh ccos ccosh cexp cimag clog conj cpow cproj creal csin csinh " +
    "csqrt ctan ctanh",
  "ctype.h":
    "isalnum isalpha isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit tolower " +
    "toupper",
  "dirent.h": "alphasort closedir dirfd fdopendir opendir readdir readdir_r rewinddir scandir seekdir telldir",
  "dlfcn.h": "dlclose dlerror dlopen dlsym",
  "fcntl.h": "creat fallocate fcntl open openat posix_fadvise posix_fallocate splice tee vmsplice",
  "fenv.h":
    "feclearexcept fegetenv fegetexceptflag fegetround feholdexcept feraiseexcept fesetenv fesetexceptflag " +
    "fesetround fetestexcept feupdateenv",
  "fnmatch.h": "fnmatch",
  "ftw.h": "ftw nftw",
  "glob.h": "glob globfree",
  "grp.h": "endgrent getgrent getgrgid getgrgid_r getgrnam getgrnam_r setgrent",
  "iconv.h": "iconv iconv_close iconv_open",
  "inttypes.h": "imaxabs imaxdiv strtoimax strtoumax wcstoimax wcstoumax",
  "langinfo.h": "nl_langinfo",
  "libgen.h": "basename dirname",
  "locale.h": "duplocale freelocale localeconv newlocale setlocale uselocale",
  "math.h":
    "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs fdim floor fma " +
    "fmax fmin fmod frexp hypot ilogb j0 j1 jn ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround " +
    "modf nan nearbyint nextafter nexttoward pow remainder remquo rint round scalbln scalbn sin sinh sqrt tan tanh " +
    "tgamma trunc y0 y1 yn",
  "mqueue.h": "mq_close mq_getattr mq_notify mq_open mq_receive mq_send mq_setattr mq_unlink",
  "netdb.h":
    "freeaddrinfo gai_strerror getaddrinfo gethostbyaddr gethostbyname gethostent getnameinfo getprotobyname " +
    "getservbyname getservbyport",
  "arpa/inet.h": "htonl htons inet_addr inet_ntoa inet_ntop inet_pton ntohl ntohs",
  "poll.h": "poll ppoll",
  "pthread.h":
    "pthread_cancel pthread_create pthread_detach pthread_equal pthread_exit pthread_join pthread_mutex_lock " +
    "pthread_mutex_unlock pthread_self pthread_sigmask pthread_yield",
  "pwd.h": "endpwent getpwent getpwnam getpwnam_r getpwuid getpwuid_r setpwent",
  "regex.h": "regcomp regerror regexec regfree",
  "sched.h":
    "sched_getaffinity sched_getparam sched_getscheduler sched_setaffinity sched_setparam sched_setscheduler " +
    "sched_yield",
  "search.h": "hcreate hdestroy hsearch insque lfind lsearch remque tdelete tfind tsearch twalk",
  "semaphore.h": "sem_close sem_destroy sem_getvalue sem_init sem_open sem_post sem_timedwait sem_trywait sem_unlink sem_wait",
  "setjmp.h": "longjmp setjmp siglongjmp sigsetjmp",
  "signal.h":
    "kill killpg psignal raise sigaction sigaddset sigaltstack sigdelset sigemptyset sigfillset sigismember signal " +
    "sigpending sigprocmask sigqueue sigsuspend sigtimedwait sigwait sigwaitinfo",
  "spawn.h": "posix_spawn posix_spawnp",
  "stdio.h":
    "asprintf clearerr ctermid dprintf fclose fdopen feof ferror fflush fgetc fgetpos fgets fileno flockfile " +
    "fmemopen fopen fprintf fputc fputs fread freopen fscanf fseek fseeko fsetpos ftell ftello ftrylockfile " +
    "funlockfile fwrite getc getchar getdelim getline gets open_memstream pclose perror popen printf putc putchar " +
    "puts remove rename renameat rewind scanf setbuf setbuffer setlinebuf setvbuf snprintf sprintf sscanf tempnam " +
    "tmpfile tmpnam ungetc vasprintf vdprintf vfprintf vfscanf vprintf vscanf vsnprintf vsprintf vsscanf",
  "stdlib.h":
    "abort abs aligned_alloc alloca arc4random at_quick_exit atexit atof atoi atol atoll bsearch calloc clearenv " +
    "div drand48 ecvt erand48 exit fcvt free gcvt getenv getloadavg getsubopt grantpt jrand48 labs ldiv llabs lldiv " +
    "lrand48 malloc mblen mbstowcs mbtowc mkdtemp mkostemp mkstemp mktemp mrand48 nrand48 posix_memalign " +
    "posix_openpt ptsname putenv qsort quick_exit rand rand_r random realloc reallocarray realpath secure_getenv " +
    "seed48 setenv setstate srand srand48 srandom strtod strtof strtol strtold strtoll strtoul strtoull system " +
    "unlockpt unsetenv valloc wcstombs wctomb",
  "string.h":
    "explicit_bzero ffsl ffsll memccpy memchr memcmp memcpy memfrob memmem memmove mempcpy memrchr memset stpcpy " +
    "stpncpy strcat strchr strchrnul strcmp strcoll strcpy strcspn strdup strerror strerror_r strfry strlen strncat " +
    "strncmp strncpy strndup strnlen strpbrk strrchr strsep strsignal strspn strstr strtok strtok_r strverscmp " +
    "strxfrm",
  "strings.h": "bcmp bcopy bzero ffs index rindex strcasecmp strncasecmp",
  "sys/epoll.h": "epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_wait",
  "sys/eventfd.h": "eventfd eventfd_read eventfd_write",
  "sys/file.h": "flock",
  "sys/inotify.h": "inotify_add_watch inotify_init inotify_init1 inotify_rm_watch",
  "sys/ioctl.h": "ioctl",
  "sys/ipc.h": "ftok",
  "sys/mman.h":
    "madvise mincore mlock mlockall mmap mprotect mremap msync munlock munlockall munmap posix_madvise shm_open " +
    "shm_unlink",
  "sys/mount.h": "mount umount umount2",
  "sys/msg.h": "msgctl msgget msgrcv msgsnd",
  "sys/prctl.h": "prctl",
  "sys/ptrace.h": "ptrace",
  "sys/random.h": "getentropy getrandom",
  "sys/resource.h": "getpriority getrlimit getrusage prlimit setpriority setrlimit",
  "sys/select.h": "pselect select",
  "sys/sem.h": "semctl semget semop semtimedop",
  "sys/sendfile.h": "sendfile",
  "sys/shm.h": "shmat shmctl shmdt shmget",
  "sys/signalfd.h": "signalfd",
  "sys/socket.h":
    "accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmsg send " +
    "sendmmsg sendmsg setsockopt shutdown sockatmark socket socketpair",
  "sys/stat.h":
    "chmod fchmod fchmodat fstat fstatat futimens lchmod lstat mkdir mkdirat mkfifo mkfifoat mknod mknodat stat " +
    "statx umask utimensat",
  "sys/statvfs.h": "fstatvfs statvfs",
  "sys/time.h": "adjtime futimes getitimer gettimeofday lutimes setitimer settimeofday utimes",
  "sys/timerfd.h": "timerfd_create timerfd_gettime timerfd_settime",
  "sys/times.h": "times",
  "sys/uio.h": "preadv process_vm_readv process_vm_writev pwritev readv writev",
  "sys/utsname.h": "uname",
  "sys/wait.h": "wait wait3 wait4 waitid waitpid",
  "syslog.h": "closelog openlog setlogmask syslog vsyslog",
  "termios.h":
    "cfgetispeed cfgetospeed cfmakeraw cfsetispeed cfsetospeed tcdrain tcflow tcflush tcgetattr tcgetsid " +
    "tcsendbreak tcsetattr",
  "threads.h":
    "call_once cnd_broadcast cnd_destroy cnd_init cnd_signal cnd_timedwait cnd_wait mtx_destroy mtx_init mtx_lock " +
    "mtx_timedlock mtx_trylock mtx_unlock thrd_create thrd_current thrd_detach thrd_equal thrd_exit thrd_join " +
    "thrd_sleep thrd_yield tss_create tss_delete tss_get tss_set",
  "time.h":
    "asctime asctime_r clock clock_getcpuclockid clock_getres clock_gettime clock_nanosleep clock_settime ctime " +
    "ctime_r difftime dysize getdate gmtime gmtime_r localtime localtime_r mktime nanosleep stime strftime strptime " +
    "time timegm timelocal timer_create timer_delete timer_getoverrun timer_gettime timer_settime timespec_get " +
    "tzset",
  "uchar.h": "c16rtomb c32rtomb mbrtoc16 mbrtoc32",
  "unistd.h":
    "access acct alarm brk chdir chown chroot close close_range closefrom confstr copy_file_range crypt daemon dup " +
    "dup2 dup3 encrypt endusershell environ execl execle execlp execv execve execveat execvp execvpe faccessat " +
    "fchdir fchown fchownat fdatasync fexecve fork fpathconf fsync ftruncate get_current_dir_name getcwd " +
    "getdomainname getegid geteuid getgid getgroups gethostid gethostname getlogin getlogin_r getopt getpagesize " +
    "getpass getpgid getpgrp getpid getppid getresgid getresuid getsid gettid getuid getusershell getwd " +
    "group_member isatty lchown link linkat lockf lseek nice pathconf pause pipe pipe2 pread profil pwrite read " +
    "readlink readlinkat revoke rmdir sbrk setdomainname setegid seteuid setgid setgroups sethostid sethostname " +
    "setlogin setpgid setpgrp setregid setresgid setresuid setreuid setsid setuid setusershell sleep swab symlink " +
    "symlinkat sync syncfs syscall sysconf tcgetpgrp tcsetpgrp truncate ttyname ttyname_r ttyslot ualarm unlink " +
    "unlinkat usleep vfork vhangup write",
  "utime.h": "utime",
  "utmpx.h": "endutxent getutxent getutxid getutxline pututxline setutxent",
  "wchar.h":
    "btowc fgetwc fgetws fputwc fputws fwide fwprintf fwscanf getwc getwchar mbrlen mbrtowc mbsinit mbsnrtowcs " +
    "mbsrtowcs putwc putwchar swprintf swscanf ungetwc vfwprintf vfwscanf vswprintf vswscanf vwprintf vwscanf " +
    "wcpcpy wcpncpy wcrtomb wcscasecmp wcscat wcschr wcscmp wcscoll wcscpy wcscspn wcsdup wcsftime wcslen " +
    "wcsncasecmp wcsncat wcsncmp wcsncpy wcsnlen wcsnrtombs wcspbrk wcsrchr wcsrtombs wcsspn wcsstr wcstod wcstof " +
    "wcstok wcstol wcstold wcstoll wcstoul wcstoull wcswidth wcsxfrm wctob wcwidth wmemchr wmemcmp wmemcpy wmemmove " +
    "wmemset wprintf wscanf",
  "wctype.h":
    "iswalnum iswalpha iswblank iswcntrl iswctype iswdigit iswgraph iswlower iswprint iswpunct iswspace iswupper " +
    "iswxdigit towctrans towlower towupper wctrans wctype",
  "wordexp.h": "wordexp wordfree",
};

const headers: ReadonlyMap<string, string> = new Map(
  Object.entries(functions).flatMap(([header, names]) => names.split(" ").map((name) => [name, header] as const)),
);
