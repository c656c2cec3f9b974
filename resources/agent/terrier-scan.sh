#!/bin/sh
# Terrier: scans this Mac into one file, a capture, which Terrier imports. For macOS 11 and later.
#
#     sh terrier-scan.sh                  writes NAME-DATE-TIME.capture beside this script
#     sh terrier-scan.sh --out FILE       writes FILE
#     sh terrier-scan.sh --sign KEY       also signs it: FILE.sig, by ssh-keygen with a private key
#     sh terrier-scan.sh --arguments      also reads the arguments of processes
#
# It runs tools of macOS as whoever starts it, installs nothing, changes nothing and uses no network. Of programs,
# services and jobs it reads the program, not the arguments, which can hold secrets, unless those of processes are asked
# for; it opens no document.
# Run with sudo, it reads a little more; the end says what.

[ -z "${ZSH_VERSION-}" ] || emulate sh
set -u
umask 077
export LC_ALL=en_US.UTF-8
PATH="$PATH:/usr/sbin:/usr/bin:/sbin:/bin:/usr/libexec:/usr/libexec/ApplicationFirewall:/opt/homebrew/bin:/usr/local/bin"

out='' key='' only='' arguments=''
while [ $# -gt 0 ]; do
    case $1 in
        --out | --sign | --only)
            if [ $# -lt 2 ]; then
                echo "$1 needs a value." >&2
                exit 2
            fi
            case $1 in
                --out) out=$2 ;;
                --sign) key=$2 ;;
                --only) only=" $2 " ;;
            esac
            shift 2
            ;;
        --arguments)
            arguments=yes
            shift
            ;;
        *)
            echo "usage: terrier-scan.sh [--out FILE] [--sign KEY] [--arguments] [--only SECTIONS]" >&2
            exit 2
            ;;
    esac
done
if [ "$(uname -s)" != Darwin ]; then
    echo "This script scans Macs; for other systems there is terrier-agent.pyz or terrier-scan.ps1." >&2
    exit 2
fi
if [ -n "$key" ] && [ ! -r "$key" ]; then
    echo "The key $key cannot be read." >&2
    exit 2
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/terrier.XXXXXX") || exit 2
child=''
clean_up() { rm -rf "$work"; }
stopped() {
    [ -z "$child" ] || kill "$child" 2>/dev/null
    clean_up
    exit 130
}
trap clean_up EXIT
trap stopped INT TERM HUP
capture=$work/capture
: >"$work/besides"
administrator=$(id -u)

# -- how a section is taken -------------------------------------------------------------------------------------------

# limited SECONDS COMMAND...: runs a command for at most that time; its answer is in $work/out and $work/err.
number=0
limited() {
    limit=$1
    shift
    number=$((number + 1))
    running=$work/running.$number
    rm -f "$work/late"
    : >"$running"
    "$@" </dev/null >"$work/out" 2>"$work/err" &
    child=$!
    # What watches the time ends by itself when it sees that the command has: nothing has to be stopped in time.
    (
        left=$limit
        while [ "$left" -gt 0 ]; do
            sleep 1
            [ -e "$running" ] || exit 0
            left=$((left - 1))
        done
        : >"$work/late"
        kill "$child"
    ) </dev/null >/dev/null 2>&1 &
    wait "$child" 2>/dev/null
    ended=$?
    rm -f "$running"
    child=''
}

# elevated WORDS: what an administrator gets besides in the next section.
besides=''
elevated() {
    [ "$administrator" = 0 ] || besides=$1
}

# section NAME SECONDS COMMAND...: what a tool of macOS answers. A tool that is missing is a failure.
section() {
    take failed "$@"
}

# optional NAME SECONDS COMMAND...: what a program answers that few Macs have.
optional() {
    take absent "$@"
}

take() {
    missing=$1 name=$2 seconds=$3
    shift 3
    more=$besides besides=''
    case $only in '' | *" $name "*) ;; *) return ;; esac
    case $name$arguments$only in command-lines) return ;; esac # only where they are asked for
    began=$(date +%s)
    : >"$work/out"
    if command -v "$1" >/dev/null 2>&1; then
        limited "$seconds" "$@"
        outcome=$(outcome_of "$missing")
    else
        outcome=$missing
    fi
    if [ -n "$more" ]; then
        echo "$more" >>"$work/besides"
        more=" $more"
    fi
    {
        echo "#section $name $outcome $(($(date +%s) - began))$more"
        # A line that begins with "#" gets a blank, so that nothing can be taken for a section.
        [ "$outcome" != collected ] || LC_ALL=C sed 's/^\( *#\)/ \1/' "$work/out"
        echo
    } >>"$capture"
    [ "$outcome" = collected ] || [ "$outcome" = absent ] || echo "$name: $outcome" >&2
}

outcome_of() {
    if [ -e "$work/late" ]; then
        echo timed-out
    elif [ -s "$work/out" ] || [ "$ended" = 0 ]; then
        echo collected
    elif grep -qiE 'permission|permitted|privilege|must be root|as root' "$work/err"; then
        echo not-permitted
    else
        echo "$1"
    fi
}

# -- what takes more than one command ---------------------------------------------------------------------------------

# The jobs of launchd that are not Apple's: of each file some keys, of the arguments the first, which is the program.
launchd_jobs() {
    for file in /Library/LaunchDaemons/*.plist /Library/LaunchAgents/*.plist "$HOME"/Library/LaunchAgents/*.plist; do
        [ -r "$file" ] || continue
        echo "file $file"
        for entry in Label Program ProgramArguments:0 UserName Disabled RunAtLoad KeepAlive StartInterval \
            StartCalendarInterval:Month StartCalendarInterval:Day StartCalendarInterval:Weekday \
            StartCalendarInterval:Hour StartCalendarInterval:Minute; do
            value=$(PlistBuddy -c "Print :$entry" "$file" 2>/dev/null) || continue
            case $value in *'
'*) continue ;; esac
            echo "$entry $value"
        done
    done
}

# When cron runs what: the program, not its arguments, nor what is set before it.
cron_jobs() {
    if [ "$administrator" = 0 ]; then
        for table in /var/at/tabs/*; do
            [ ! -f "$table" ] || programs_of "${table##*/}" <"$table"
        done
    else
        crontab -l 2>/dev/null | programs_of "$(id -un)"
    fi
}
programs_of() {
    awk -v user="$1" '
        /^[ \t]*#/ || /^[ \t]*[A-Za-z_]+[ \t]*=/ || NF < 2 { next }
        {
            last = ($1 ~ /^@/) ? 1 : 5
            when = $1
            for (i = 2; i <= last; i++) when = when " " $i
            for (i = last + 1; i <= NF && $i ~ /^[A-Za-z_]+=/; i++);
            if (i <= NF) print user "\t" when "\t" $i
        }'
}

# The virtual machines of VMware Fusion: the lines of their settings that say what they are.
vmware_guests() {
    find "$HOME/Virtual Machines.localized" "$HOME/Virtual Machines" "$HOME/Documents/Virtual Machines.localized" \
        -maxdepth 3 -name '*.vmx' 2>/dev/null | while IFS= read -r file; do
        echo "file $file"
        grep -E '^(displayName|uuid\.bios|memsize|numvcpus|guestOS|ethernet0\.(generatedA|a)ddress) *=' "$file"
    done
}

# -- the sections -----------------------------------------------------------------------------------------------------

profile() {
    section "$1" "$2" system_profiler -json "$3"
}

echo "#terrier-capture 1 macos $(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$capture"
section user-id 5 id -u

profile hardware 20 SPHardwareDataType
profile startup-security 20 SPiBridgeDataType
section platform 10 ioreg -a -r -d 1 -c IOPlatformExpertDevice
section sysctl 10 sysctl hw machdep.cpu kern.boottime kern.hostname kern.osrelease kern.hv_vmm_present vm.swapusage

section version 10 sw_vers
section kernel 10 uname -srm
optional local-name 10 scutil --get LocalHostName
optional locale 10 defaults read -g AppleLocale
section time-zone 10 readlink /etc/localtime
section offset 10 date +%z
optional set-up 10 stat -f %B /private/var/db/.AppleSetupDone
optional directory 15 dsconfigad -show
optional enrolment 15 profiles status -type enrollment

profile memory 20 SPMemoryDataType
profile displays 30 SPDisplaysDataType
profile nvme 20 SPNVMeDataType
profile sata 20 SPSerialATADataType
profile volumes 30 SPStorageDataType
section apfs 20 diskutil apfs list -plist
section filevault 15 fdesetup status
profile power 20 SPPowerDataType
section battery 10 ioreg -a -r -c AppleSmartBattery
profile usb 30 SPUSBDataType
optional usb-host 30 system_profiler -json SPUSBHostDataType
profile pci 20 SPPCIDataType
profile audio 20 SPAudioDataType
profile cameras 20 SPCameraDataType
profile printers 30 SPPrintersDataType

section interfaces 10 ifconfig -a
section ports 15 networksetup -listallhardwareports
section routes 10 netstat -rn -f inet
section dns 10 scutil --dns
profile network 30 SPNetworkDataType
section tcp 20 netstat -anvW -p tcp
section udp 20 netstat -anvW -p udp
section processes 20 ps -axo pid=,user=,vsz=,%mem=,lstart=,comm=
section command-lines 20 ps -axwwo pid=,args=

section accounts 20 dscl -plist . -readall /Users RecordName UniqueID RealName NFSHomeDirectory UserShell
section groups 20 dscl -plist . -readall /Groups RecordName PrimaryGroupID GroupMembership
section logged-on 10 who
optional logins 15 last -1000

profile applications 180 SPApplicationsDataType
section packages 60 pkgutil --regexp --pkg-info .+
optional homebrew 20 find /opt/homebrew/Cellar /opt/homebrew/Caskroom /usr/local/Cellar /usr/local/Caskroom \
    -mindepth 2 -maxdepth 2 -type d ! -name '.*'
elevated "software that other users installed for themselves"
optional python-packages 30 find /Library/Python /Library/Frameworks/Python.framework/Versions /opt/homebrew/lib \
    /usr/local/lib /Users/*/Library/Python -type d -name '*.dist-info' -prune

section launchd 30 launchd_jobs
section launchd-running 15 launchctl print system
elevated "the cron tables of users"
section cron 10 cron_jobs

section firewall 10 socketfilterfw --getglobalstate
section integrity 10 csrutil status
optional updates 10 defaults export /Library/Preferences/com.apple.SoftwareUpdate -
optional xprotect 10 defaults read /Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info \
    CFBundleShortVersionString

optional parallels 30 prlctl list -a -i -j
section vmware 20 vmware_guests
echo "#end" >>"$capture"

# -- the file ---------------------------------------------------------------------------------------------------------

if [ "$out" = '-' ]; then
    cat "$capture"
    exit 0
fi
if [ -z "$out" ]; then
    folder=$(cd "$(dirname "$0")" && pwd) || exit 2
    name=$(hostname -s | LC_ALL=C tr -c 'A-Za-z0-9._\n-' '-')
    stem=$folder/${name:-mac}-$(date +%Y%m%d-%H%M%S)
    out=$stem.capture copy=1
    while [ -e "$out" ]; do
        copy=$((copy + 1))
        out=$stem-$copy.capture
    done
fi
part=$out.$$.part
if ! cp "$capture" "$part" 2>/dev/null || ! mv "$part" "$out"; then
    rm -f "$part"
    echo "$out cannot be written: name a file with --out." >&2
    exit 2
fi
echo "Wrote $out."
if [ -s "$work/besides" ]; then
    echo "Run with sudo to get also: $(sort -u "$work/besides" | paste -s -d ';' - | sed 's/;/; /g')."
fi
if [ -n "$key" ]; then
    rm -f "$out.sig"
    if ! ssh-keygen -q -Y sign -f "$key" -n terrier-scan "$out"; then
        echo "It could not be signed." >&2
        exit 2
    fi
    echo "Signed it: $out.sig."
fi
