<#
.SYNOPSIS
Writes what this computer tells of itself into one file, a capture, which Terrier takes in.

.DESCRIPTION
For Windows 10 and later, with the PowerShell 5.1 that comes with it. An ordinary user may run it: it installs nothing,
changes nothing and needs no network. What an administrator would get besides is listed at the end. Keys and passwords
are not read, nor are arguments of programs unless they are asked for.

.PARAMETER Out
The folder for the file, or the file itself; beside this script if nothing is said. No file is ever overwritten.

.PARAMETER Sections
The names of the only sections to write, with commas between them. Terrier's own agent asks for what it can't read.

.PARAMETER Sign
A private key (Ed25519): ssh-keygen, which Windows has, signs the file with it. The signature is written beside the file.

.PARAMETER Arguments
Reads also the arguments of processes, which can hold passwords.

.PARAMETER Limit
The time limit of each question to Windows, in seconds.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File terrier-scan.ps1
#>
[CmdletBinding()]
param(
    [string] $Out = $PSScriptRoot,
    [string] $Sign = '',
    [string] $Sections = '',
    [switch] $Arguments,
    [int] $Limit = 20
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Invariant = [Globalization.CultureInfo]::InvariantCulture
$Started = [DateTime]::UtcNow
$Identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$Principal = New-Object Security.Principal.WindowsPrincipal $Identity
$Elevated = $Principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
$Lines = New-Object 'Collections.Generic.List[string]'
$Besides = New-Object 'Collections.Generic.List[string]'
$Wanted = @($Sections -split ',' | Where-Object { $_ })
$Views = @('Registry64')
if ([Environment]::Is64BitOperatingSystem) { $Views = @('Registry64', 'Registry32') }
$Person = '^S-1-(5-21|12-1)-[\d-]+$'

# -- sections ----------------------------------------------------------------------------------------------------------

function Get-Outcome($Problem, [double] $Seconds) {
    $exception = $Problem.Exception
    while ($null -ne $exception.InnerException) { $exception = $exception.InnerException }
    if ($exception -is [TimeoutException] -or $Seconds -ge $Limit) { return 'timed-out' }
    if ($exception -is [UnauthorizedAccessException] -or $exception -is [Security.SecurityException]) {
        return 'not-permitted'
    }
    if ($exception -is [Microsoft.Management.Infrastructure.CimException]) {
        $code = [string] $exception.NativeErrorCode
        if ($code -eq 'AccessDenied') { return 'not-permitted' }
        if ('InvalidClass', 'InvalidNamespace', 'NotFound', 'NotSupported' -contains $code) { return 'absent' }
    }
    if ($exception -is [Management.Automation.CommandNotFoundException]) { return 'absent' }
    return 'failed'
}

# Writes a section: the rows that a block gives, as one line of JSON. An error costs this section only. The words of
# -Elevate tell what an administrator would get besides; with -Partly also where an ordinary user gets a part.
function Write-Section([string] $Name, [scriptblock] $Read, [string] $Elevate = '', [switch] $Partly) {
    if ($Wanted.Count -gt 0 -and $Wanted -notcontains $Name) { return }
    if ($Name -eq 'command-lines' -and -not $Arguments -and $Wanted -notcontains $Name) { return }
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $outcome = 'absent'
    $content = ''
    $more = $false
    try {
        $found = @(& $Read | Where-Object { $null -ne $_ })
        $more = [bool] $Partly
        if ($found.Count -gt 0) {
            $outcome = 'collected'
            $content = (ConvertTo-Json -InputObject $found -Depth 5 -Compress) -replace '(?m)^( *#)', ' $1'
        }
    }
    catch {
        $outcome = Get-Outcome $_ $clock.Elapsed.TotalSeconds
        $more = $outcome -eq 'not-permitted'
    }
    $line = [string]::Format($Invariant, '#section {0} {1} {2:0.00}', $Name, $outcome, $clock.Elapsed.TotalSeconds)
    if ($Elevate -and $more -and -not $Elevated) {
        $line = "$line $Elevate"
        if (-not $Besides.Contains($Elevate)) { $Besides.Add($Elevate) }
    }
    $Lines.Add($line)
    if ($content) { $Lines.Add($content) }
}

# Runs a block that can't be given a time limit otherwise.
function Invoke-Limited([scriptblock] $Work) {
    $shell = [PowerShell]::Create()
    $null = $shell.AddScript("`$ErrorActionPreference = 'Stop'`n" + $Work.ToString())
    $waiting = $shell.BeginInvoke()
    if (-not $waiting.AsyncWaitHandle.WaitOne([TimeSpan]::FromSeconds($Limit))) {
        throw (New-Object TimeoutException)
    }
    $shell.EndInvoke($waiting)
}

# -- CIM and the registry ----------------------------------------------------------------------------------------------

# Some properties of an object of CIM, as Windows answers them; times in UTC.
function Select-Raw($Object, [string[]] $Names) {
    $found = [ordered]@{}
    foreach ($name in $Names) {
        $property = $Object.CimInstanceProperties[$name]
        if ($null -eq $property -or $null -eq $property.Value) { continue }
        $value = $property.Value
        if ($value -is [DateTime]) { $value = $value.ToUniversalTime().ToString('o', $Invariant) }
        $found[$name] = $value
    }
    return $found
}

function Read-Cim([string] $Class, [string[]] $Names, [string] $Namespace = 'root/cimv2', [string] $Filter = '') {
    $query = @{ Namespace = $Namespace; ClassName = $Class; OperationTimeoutSec = $Limit }
    if ($Filter) { $query.Filter = $Filter }
    foreach ($one in @(Get-CimInstance @query)) { Select-Raw $one $Names }
}

function Open-Key([string] $Path, [string] $Hive = 'LocalMachine', [string] $View = 'Registry64') {
    return [Microsoft.Win32.RegistryKey]::OpenBaseKey($Hive, $View).OpenSubKey($Path)
}

function Select-Values($Key, [string[]] $Names) {
    $found = [ordered]@{}
    foreach ($name in $Names) {
        $value = $Key.GetValue($name)
        if ($null -eq $value) { continue }
        if ($value -is [int]) { $value = ([long] $value) -band 4294967295 }
        $found[$name] = $value
    }
    return $found
}

function Read-Key([string] $Path, [string[]] $Names, [string] $Hive = 'LocalMachine', [string] $View = 'Registry64') {
    $key = Open-Key $Path $Hive $View
    if ($null -eq $key) { return [ordered]@{} }
    return Select-Values $key $Names
}

# A section of values of one key; absent where the key has none of them.
function Write-Key([string] $Name, [string] $Path, [string[]] $Names) {
    Write-Section $Name {
        $found = Read-Key $Path $Names
        if ($found.Count -gt 0) { $found }
    }
}

# -- the machine -------------------------------------------------------------------------------------------------------

Write-Section 'session' {
    $culture = Get-Culture
    $zone = [TimeZoneInfo]::Local
    [ordered]@{
        Name = $env:COMPUTERNAME; User = $Identity.Name; Sid = $Identity.User.Value; Elevated = $Elevated
        Culture = $culture.Name; UiCulture = (Get-UICulture).Name; ShortDate = $culture.DateTimeFormat.ShortDatePattern
        TimeZone = $zone.Id; UtcOffset = [int] $zone.GetUtcOffset($Started).TotalMinutes
        PowerShell = $PSVersionTable.PSVersion.ToString()
    }
}
Write-Section 'computer-system' {
    Read-Cim 'Win32_ComputerSystem' @(
        'Name', 'DNSHostName', 'Domain', 'Workgroup', 'PartOfDomain', 'DomainRole', 'Manufacturer', 'Model',
        'SystemFamily', 'SystemSKUNumber', 'TotalPhysicalMemory', 'PCSystemType', 'HypervisorPresent'
    )
}
Write-Section 'product' {
    Read-Cim 'Win32_ComputerSystemProduct' @('Vendor', 'Name', 'Version', 'IdentifyingNumber', 'UUID')
}
Write-Section 'bios' {
    Read-Cim 'Win32_BIOS' @('Manufacturer', 'SMBIOSBIOSVersion', 'ReleaseDate', 'SerialNumber')
}
Write-Section 'board' { Read-Cim 'Win32_BaseBoard' @('Manufacturer', 'Product', 'Version', 'SerialNumber') }
Write-Section 'enclosure' {
    Read-Cim 'Win32_SystemEnclosure' @('Manufacturer', 'ChassisTypes', 'SerialNumber', 'SMBIOSAssetTag')
}
Write-Section 'firmware' {
    $secure = Read-Key 'SYSTEM\CurrentControlSet\Control\SecureBoot\State' @('UEFISecureBootEnabled')
    $kind = Read-Key 'SYSTEM\CurrentControlSet\Control' @('PEFirmwareType')
    [ordered]@{ SecureBoot = $secure.UEFISecureBootEnabled; FirmwareType = $kind.PEFirmwareType }
}
Write-Section 'tpm' -Elevate 'version of the TPM' {
    Read-Cim 'Win32_Tpm' @('SpecVersion', 'ManufacturerIdTxt', 'ManufacturerVersion') 'root/cimv2/Security/MicrosoftTpm'
}
Write-Section 'operating-system' {
    Read-Cim 'Win32_OperatingSystem' @(
        'Caption', 'Version', 'BuildNumber', 'OperatingSystemSKU', 'OSArchitecture', 'InstallDate', 'LastBootUpTime',
        'Locale', 'OSLanguage', 'SerialNumber', 'RegisteredUser', 'Organization', 'CSDVersion', 'ProductType',
        'SystemDrive'
    )
}
Write-Section 'windows-version' {
    $path = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    $found = Read-Key $path @(
        'ProductName', 'EditionID', 'DisplayVersion', 'ReleaseId', 'CurrentBuild', 'UBR', 'InstallDate',
        'InstallationType'
    )
    $found.MachineGuid = (Read-Key 'SOFTWARE\Microsoft\Cryptography' @('MachineGuid')).MachineGuid
    $found
}
Write-Section 'join' {
    $found = [ordered]@{}
    $network = Read-Key 'SYSTEM\CurrentControlSet\Services\Tcpip\Parameters' @('Hostname', 'Domain', 'NV Domain')
    $found.HostName = $network.Hostname
    $found.Domain = $network.Domain
    if (-not $found.Domain) { $found.Domain = $network.'NV Domain' }
    $path = 'SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo'
    $key = Open-Key $path
    if ($null -ne $key) {
        $found.JoinInfo = @(foreach ($name in $key.GetSubKeyNames()) { Read-Key "$path\$name" @('TenantId') })
    }
    $found
}
Write-Section 'processors' {
    Read-Cim 'Win32_Processor' @(
        'DeviceID', 'Name', 'Manufacturer', 'Description', 'NumberOfCores', 'NumberOfEnabledCore',
        'NumberOfLogicalProcessors', 'MaxClockSpeed', 'ExtClock', 'Architecture', 'ProcessorId', 'Stepping',
        'SocketDesignation', 'VirtualizationFirmwareEnabled'
    )
}
Write-Section 'memory' {
    Read-Cim 'Win32_PhysicalMemory' @(
        'Capacity', 'Speed', 'ConfiguredClockSpeed', 'SMBIOSMemoryType', 'FormFactor', 'DeviceLocator', 'BankLabel',
        'Manufacturer', 'PartNumber', 'SerialNumber'
    )
}
Write-Section 'memory-arrays' { Read-Cim 'Win32_PhysicalMemoryArray' @('MemoryDevices', 'MemoryErrorCorrection') }
Write-Section 'page-files' { Read-Cim 'Win32_PageFileUsage' @('Name', 'AllocatedBaseSize') }

# -- storage -----------------------------------------------------------------------------------------------------------

Write-Section 'disks' {
    Read-Cim 'MSFT_PhysicalDisk' @(
        'DeviceId', 'FriendlyName', 'Model', 'Manufacturer', 'SerialNumber', 'AdapterSerialNumber', 'FirmwareVersion',
        'Size', 'MediaType', 'BusType', 'HealthStatus', 'UniqueId', 'UniqueIdFormat'
    ) 'root/Microsoft/Windows/Storage'
}
Write-Section 'disk-drives' {
    Read-Cim 'Win32_DiskDrive' @(
        'Index', 'Model', 'Manufacturer', 'SerialNumber', 'FirmwareRevision', 'Size', 'InterfaceType', 'PNPDeviceID'
    )
}
Write-Section 'disk-counters' -Elevate 'hours, temperature and wear of disks' -Partly {
    Read-Cim 'MSFT_StorageReliabilityCounter' @('DeviceId', 'PowerOnHours', 'Temperature', 'Wear') `
        'root/Microsoft/Windows/Storage'
}
Write-Section 'volumes' {
    Read-Cim 'Win32_LogicalDisk' @(
        'DeviceID', 'DriveType', 'VolumeName', 'FileSystem', 'Size', 'FreeSpace', 'VolumeSerialNumber'
    ) -Filter 'DriveType = 2 OR DriveType = 3 OR DriveType = 5'
}
Write-Section 'bitlocker' -Elevate 'disk encryption in detail' {
    Read-Cim 'Win32_EncryptableVolume' @('DriveLetter', 'ProtectionStatus', 'ConversionStatus', 'EncryptionMethod') `
        'root/cimv2/Security/MicrosoftVolumeEncryption'
}
Write-Section 'volume-protection' {
    Invoke-Limited {
        $shell = New-Object -ComObject Shell.Application
        foreach ($drive in [IO.DriveInfo]::GetDrives()) {
            if ($drive.DriveType -ne 'Fixed') { continue }
            $folder = $shell.NameSpace($drive.Name)
            if ($null -eq $folder) { continue }
            $shown = $folder.Self.ExtendedProperty('System.Volume.BitLockerProtection')
            if ($null -ne $shown) { [ordered]@{ DriveLetter = $drive.Name; BitLockerProtection = [int] $shown } }
        }
    }
}

# -- network -----------------------------------------------------------------------------------------------------------

Write-Section 'adapters' {
    Read-Cim 'MSFT_NetAdapter' @(
        'Name', 'InterfaceDescription', 'InterfaceIndex', 'InterfaceType', 'NdisPhysicalMedium', 'PermanentAddress',
        'NetworkAddresses', 'Virtual', 'HardwareInterface', 'Hidden', 'InterfaceOperationalStatus', 'ReceiveLinkSpeed',
        'MtuSize', 'DriverName', 'DriverProvider', 'PnPDeviceID'
    ) 'root/StandardCimv2'
}
Write-Section 'adapter-configuration' {
    Read-Cim 'Win32_NetworkAdapterConfiguration' @(
        'InterfaceIndex', 'Description', 'MACAddress', 'IPAddress', 'IPSubnet', 'DefaultIPGateway', 'DHCPEnabled',
        'DHCPServer', 'DNSServerSearchOrder', 'DNSDomain'
    ) -Filter 'IPEnabled = TRUE'
}
Write-Section 'routes' {
    Read-Cim 'MSFT_NetRoute' @('DestinationPrefix', 'NextHop', 'InterfaceIndex', 'InterfaceAlias', 'RouteMetric') `
        'root/StandardCimv2'
}
Write-Section 'tcp' -Elevate 'which programs own the ports and connections of other users' -Partly {
    Read-Cim 'MSFT_NetTCPConnection' @(
        'LocalAddress', 'LocalPort', 'RemoteAddress', 'RemotePort', 'State', 'OwningProcess'
    ) 'root/StandardCimv2' | Where-Object { 2, 5 -contains $_.State }
}
Write-Section 'udp' { Read-Cim 'MSFT_NetUDPEndpoint' @('LocalAddress', 'LocalPort', 'OwningProcess') 'root/StandardCimv2' }

# -- devices -----------------------------------------------------------------------------------------------------------

Write-Section 'monitors' {
    Read-Cim 'WmiMonitorID' @(
        'InstanceName', 'Active', 'ManufacturerName', 'ProductCodeID', 'SerialNumberID', 'UserFriendlyName',
        'WeekOfManufacture', 'YearOfManufacture'
    ) 'root/wmi'
}
Write-Section 'monitor-connections' {
    Read-Cim 'WmiMonitorConnectionParams' @('InstanceName', 'Active', 'VideoOutputTechnology') 'root/wmi'
}
Write-Section 'edids' {
    $path = 'SYSTEM\CurrentControlSet\Enum\DISPLAY'
    $models = Open-Key $path
    if ($null -eq $models) { return }
    foreach ($model in $models.GetSubKeyNames()) {
        foreach ($instance in (Open-Key "$path\$model").GetSubKeyNames()) {
            $edid = (Read-Key "$path\$model\$instance\Device Parameters" @('EDID')).EDID
            if ($null -eq $edid) { continue }
            [ordered]@{ InstanceName = "DISPLAY\$model\$instance"; Edid = [Convert]::ToBase64String($edid) }
        }
    }
}
Write-Section 'video' {
    Read-Cim 'Win32_VideoController' @(
        'Name', 'VideoProcessor', 'AdapterRAM', 'CurrentHorizontalResolution', 'CurrentVerticalResolution'
    )
}
Write-Section 'sound' { Read-Cim 'Win32_SoundDevice' @('Name', 'Manufacturer') }
Write-Section 'printers' {
    Read-Cim 'Win32_Printer' @(
        'Name', 'DriverName', 'PortName', 'Network', 'Shared', 'ShareName', 'ServerName', 'Comment', 'PrintProcessor'
    )
}
Write-Section 'batteries' {
    Read-Cim 'Win32_Battery' @(
        'DeviceID', 'Name', 'Chemistry', 'DesignVoltage', 'EstimatedChargeRemaining', 'BatteryStatus'
    )
}
Write-Section 'battery-design' {
    Read-Cim 'BatteryStaticData' @(
        'InstanceName', 'DeviceName', 'ManufactureName', 'SerialNumber', 'Chemistry', 'DesignedCapacity'
    ) 'root/wmi'
}
Write-Section 'battery-capacity' {
    Read-Cim 'BatteryFullChargedCapacity' @('InstanceName', 'FullChargedCapacity') 'root/wmi'
}
Write-Section 'battery-cycles' { Read-Cim 'BatteryCycleCount' @('InstanceName', 'CycleCount') 'root/wmi' }
Write-Section 'devices' {
    Read-Cim 'Win32_PnPEntity' @(
        'Name', 'PNPDeviceID', 'PNPClass', 'Manufacturer', 'Service', 'HardwareID', 'CompatibleID'
    ) | Where-Object { $_.PNPDeviceID -match '^(PCI|USB|ACPI\\MSFT0101)\\' }
}

# -- what it hosts -----------------------------------------------------------------------------------------------------

Write-Section 'virtual-machines' -Elevate 'virtual machines of Hyper-V' -Partly {
    Read-Cim 'Msvm_ComputerSystem' @('Name', 'ElementName', 'EnabledState') 'root/virtualization/v2'
}
Write-Section 'virtual-machine-settings' {
    Read-Cim 'Msvm_VirtualSystemSettingData' @(
        'VirtualSystemIdentifier', 'VirtualSystemType', 'BIOSGUID', 'BIOSSerialNumber'
    ) 'root/virtualization/v2'
}
Write-Section 'virtual-machine-memory' {
    Read-Cim 'Msvm_MemorySettingData' @('InstanceID', 'VirtualQuantity') 'root/virtualization/v2'
}
Write-Section 'virtual-machine-processors' {
    Read-Cim 'Msvm_ProcessorSettingData' @('InstanceID', 'VirtualQuantity') 'root/virtualization/v2'
}
Write-Section 'virtual-machine-adapters' {
    Read-Cim 'Msvm_SyntheticEthernetPortSettingData' @('InstanceID', 'Address') 'root/virtualization/v2'
}
Write-Section 'sql-instances' {
    $path = 'SOFTWARE\Microsoft\Microsoft SQL Server'
    foreach ($view in $Views) {
        $names = Open-Key "$path\Instance Names\SQL" 'LocalMachine' $view
        if ($null -eq $names) { continue }
        foreach ($name in $names.GetValueNames()) {
            $own = "$path\$($names.GetValue($name))"
            $setup = Read-Key "$own\Setup" @('Edition', 'Version', 'PatchLevel', 'SQLPath') 'LocalMachine' $view
            $tcp = Read-Key "$own\MSSQLServer\SuperSocketNetLib\Tcp\IPAll" @('TcpPort') 'LocalMachine' $view
            [ordered]@{
                Name = $name; Edition = $setup.Edition; Version = $setup.Version; PatchLevel = $setup.PatchLevel
                Path = $setup.SQLPath; TcpPort = $tcp.TcpPort
            }
        }
    }
}

# -- people ------------------------------------------------------------------------------------------------------------

Write-Section 'accounts' {
    Invoke-Limited {
        foreach ($one in Get-LocalUser) {
            [ordered]@{ Name = $one.Name; SID = $one.SID.Value; FullName = $one.FullName; Enabled = $one.Enabled }
        }
    }
}
Write-Section 'groups' {
    Invoke-Limited {
        foreach ($one in Get-LocalGroup) {
            # The names as the machine has them: asking for them one by one would ask the domain.
            $group = [ADSI] "WinNT://$env:COMPUTERNAME/$($one.Name),group"
            $members = @(foreach ($member in @($group.Invoke('Members'))) {
                $path = $member.GetType().InvokeMember('ADsPath', 'GetProperty', $null, $member, $null)
                (($path -split '/')[-2..-1] -join '\').Trim('\')
            })
            [ordered]@{ Name = $one.Name; SID = $one.SID.Value; Members = $members }
        }
    }
}
Write-Section 'profiles' {
    $path = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList'
    $loaded = [Microsoft.Win32.Registry]::Users.GetSubKeyNames()
    foreach ($sid in (Open-Key $path).GetSubKeyNames()) {
        $found = Read-Key "$path\$sid" @('LocalProfileLoadTimeHigh', 'LocalProfileLoadTimeLow')
        $found.Sid = $sid
        $found.Path = (Read-Key "$path\$sid" @('ProfileImagePath')).ProfileImagePath
        $found.Loaded = $loaded -contains $sid
        $found
    }
}
Write-Section 'sessions' {
    $path = 'SOFTWARE\Microsoft\Windows\CurrentVersion\Authentication\LogonUI\SessionData'
    $key = Open-Key $path
    if ($null -eq $key) { return }
    foreach ($name in $key.GetSubKeyNames()) {
        $one = Read-Key "$path\$name" @('LoggedOnSAMUser', 'LoggedOnUserSID', 'LoggedOnDisplayName')
        if ($null -eq $one.LoggedOnSAMUser) { continue }
        [ordered]@{ User = $one.LoggedOnSAMUser; Sid = $one.LoggedOnUserSID; DisplayName = $one.LoggedOnDisplayName }
    }
}
Write-Key 'last-logon' 'SOFTWARE\Microsoft\Windows\CurrentVersion\Authentication\LogonUI' @(
    'LastLoggedOnUser', 'LastLoggedOnSAMUser', 'LastLoggedOnUserSID', 'LastLoggedOnDisplayName'
)
Write-Section 'logons' {
    Invoke-Limited {
        # Winlogon notes every logon of a person in the system's log, which everybody may read.
        $query = @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Winlogon'; Id = 7001 }
        $events = @(Get-WinEvent -FilterHashtable $query -MaxEvents 1000 -ErrorAction SilentlyContinue)
        foreach ($group in @($events | Group-Object { [string] $_.Properties[1].Value })) {
            $latest = ($group.Group | Measure-Object -Property TimeCreated -Maximum).Maximum
            [ordered]@{ Sid = $group.Name; Count = $group.Count; Latest = $latest.ToUniversalTime().ToString('s') + 'Z' }
        }
    }
}

# -- software ----------------------------------------------------------------------------------------------------------

$ProgramValues = @(
    'DisplayName', 'DisplayVersion', 'Publisher', 'InstallDate', 'InstallLocation', 'EstimatedSize', 'SystemComponent',
    'ParentKeyName', 'ReleaseType', 'WindowsInstaller', 'NoRemove', 'Comments', 'URLInfoAbout', 'HelpLink',
    'VersionMajor', 'VersionMinor'
)

function Read-Programs([string] $Path, [string] $Hive, [string] $View, [string] $Sid = '') {
    $key = Open-Key $Path $Hive $View
    if ($null -eq $key) { return }
    foreach ($name in $key.GetSubKeyNames()) {
        try { $found = Select-Values $key.OpenSubKey($name) $ProgramValues } catch { continue }
        if ($null -eq $found.DisplayName) { continue }
        $found.Key = $name
        if ($Sid) { $found.Sid = $Sid }
        $found
    }
}

Write-Section 'software-64' {
    Read-Programs 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall' 'LocalMachine' 'Registry64'
}
Write-Section 'software-32' {
    if ([Environment]::Is64BitOperatingSystem) {
        Read-Programs 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall' 'LocalMachine' 'Registry32'
    }
}
Write-Section 'software-users' -Elevate 'software that other users installed for themselves' -Partly {
    foreach ($sid in [Microsoft.Win32.Registry]::Users.GetSubKeyNames()) {
        if ($sid -notmatch $Person) { continue }
        foreach ($path in 'Software\Microsoft', 'Software\WOW6432Node\Microsoft') {
            $full = "$sid\$path\Windows\CurrentVersion\Uninstall"
            try { Read-Programs $full 'Users' 'Registry64' $sid } catch [Security.SecurityException] { continue }
        }
    }
}
Write-Section 'store-apps' {
    Invoke-Limited {
        foreach ($one in Get-AppxPackage) {
            [ordered]@{
                Name = $one.Name; PackageFamilyName = $one.PackageFamilyName; Version = [string] $one.Version
                Publisher = $one.Publisher; Architecture = [string] $one.Architecture
                InstallLocation = $one.InstallLocation; IsFramework = $one.IsFramework
                IsResourcePackage = $one.IsResourcePackage; NonRemovable = $one.NonRemovable
                SignatureKind = [string] $one.SignatureKind
            }
        }
    }
}
Write-Section 'swid-tags' {
    $folders = @(Get-ChildItem -LiteralPath $env:ProgramData -Directory -Filter 'regid.*' -ErrorAction SilentlyContinue)
    foreach ($folder in $folders) {
        foreach ($file in @(Get-ChildItem -LiteralPath $folder.FullName -Filter '*.swidtag')) {
            if ($file.Length -gt 262144) { continue }
            [ordered]@{ Path = $file.FullName; Text = [IO.File]::ReadAllText($file.FullName) }
        }
    }
}
Write-Section 'updates' { Read-Cim 'Win32_QuickFixEngineering' @('HotFixID', 'Description', 'InstalledOn') }
Write-Section 'features' -Elevate 'features of Windows' {
    Read-Cim 'Win32_OptionalFeature' @('Name') -Filter 'InstallState = 1'
}
Write-Section 'licences' {
    Read-Cim 'SoftwareLicensingProduct' @(
        'ID', 'ApplicationID', 'Name', 'Description', 'LicenseFamily', 'LicenseStatus', 'PartialProductKey',
        'ProductKeyChannel'
    ) -Filter 'PartialProductKey IS NOT NULL'
}
Write-Key 'office' 'SOFTWARE\Microsoft\Office\ClickToRun\Configuration' @(
    'ProductReleaseIds', 'VersionToReport', 'Platform', 'CDNBaseUrl'
)

# -- what runs ---------------------------------------------------------------------------------------------------------

# The program of a command, without its arguments, which can hold secrets.
function Get-Program([string] $Command) {
    if ($Command -match '^\s*"([^"]+)"') { return $Matches[1] }
    if ($Command -match '^\s*(.+?\.(exe|com|bat|cmd|sys|dll))(\s|$)') { return $Matches[1] }
    return ($Command.Trim() -split ' ')[0]
}

Write-Section 'services' {
    $names = @('Name', 'DisplayName', 'State', 'StartMode', 'DelayedAutoStart', 'PathName', 'StartName', 'ProcessId')
    foreach ($one in @(Read-Cim 'Win32_Service' $names)) {
        if ($one.PathName) { $one.PathName = Get-Program $one.PathName }
        $one
    }
}
Write-Section 'scheduled-tasks' -Elevate 'scheduled tasks of other users' -Partly {
    $query = @{ Namespace = 'root/Microsoft/Windows/TaskScheduler'; ClassName = 'MSFT_ScheduledTask' }
    foreach ($one in @(Get-CimInstance @query -OperationTimeoutSec $Limit)) {
        $found = Select-Raw $one @('TaskName', 'TaskPath', 'State')
        $found.User = [string] $one.Principal.UserId
        $found.Execute = Get-Program ([string] @($one.Actions)[0].Execute)
        $found.Triggers = @(foreach ($trigger in @($one.Triggers | Where-Object { $null -ne $_ })) {
            [ordered]@{
                Kind = $trigger.CimClass.CimClassName; Enabled = [bool] $trigger.Enabled
                Start = [string] $trigger.StartBoundary; Repeat = [string] $trigger.Repetition.Interval
            }
        })
        $found
    }
}
Write-Section 'processes' -Elevate 'processes of other users' -Partly {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    foreach ($one in @(Get-CimInstance -ClassName 'Win32_Process' -OperationTimeoutSec $Limit)) {
        $found = Select-Raw $one @(
            'ProcessId', 'Name', 'ExecutablePath', 'CreationDate', 'WorkingSetSize', 'VirtualSize'
        )
        if ($clock.Elapsed.TotalSeconds -lt $Limit) {
            $owner = Invoke-CimMethod -InputObject $one -MethodName 'GetOwner' -ErrorAction SilentlyContinue
            if ($null -ne $owner -and $owner.User) { $found.User = "$($owner.Domain)\$($owner.User)" }
        }
        $found
    }
}
Write-Section 'command-lines' { Read-Cim 'Win32_Process' @('ProcessId', 'CommandLine') }

# -- security ----------------------------------------------------------------------------------------------------------

Write-Section 'firewall' {
    foreach ($kind in 'DomainProfile', 'StandardProfile', 'PublicProfile') {
        $path = 'SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy'
        $policy = Read-Key "SOFTWARE\Policies\Microsoft\WindowsFirewall\$kind" @('EnableFirewall')
        $own = Read-Key "$path\$kind" @('EnableFirewall')
        [ordered]@{ Profile = $kind; EnableFirewall = $own.EnableFirewall; Policy = $policy.EnableFirewall }
    }
}
Write-Section 'antivirus' {
    Read-Cim 'AntiVirusProduct' @('displayName', 'instanceGuid', 'productState') 'root/SecurityCenter2'
}
Write-Section 'defender' {
    Read-Cim 'MSFT_MpComputerStatus' @(
        'AMServiceEnabled', 'AMProductVersion', 'RealTimeProtectionEnabled', 'AntivirusSignatureVersion',
        'AntivirusSignatureLastUpdated'
    ) 'root/Microsoft/Windows/Defender'
}
Write-Section 'restart' {
    $path = 'SOFTWARE\Microsoft\Windows\CurrentVersion'
    [ordered]@{
        Servicing = $null -ne (Open-Key "$path\Component Based Servicing\RebootPending")
        Updates = $null -ne (Open-Key "$path\WindowsUpdate\Auto Update\RebootRequired")
    }
}
Write-Section 'windows-update' {
    $found = Read-Key 'SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' @('NoAutoUpdate', 'AUOptions')
    $path = 'SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\Results\Detect'
    $detected = Read-Key $path @('LastSuccessTime')
    if ($detected.Count -gt 0) { $found.LastSuccessTime = $detected.LastSuccessTime }
    if ($found.Count -gt 0) { $found }
}
Write-Section 'pending-updates' {
    Invoke-Limited {
        # What Windows found the last time that it looked: nothing is asked of the network.
        $searcher = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()
        $searcher.Online = $false
        $updates = @($searcher.Search('IsInstalled=0 and IsHidden=0').Updates)
        $security = @($updates | Where-Object { $_.MsrcSeverity })
        [ordered]@{ Updates = $updates.Count; SecurityUpdates = $security.Count }
    }
}
Write-Section 'screen-lock' {
    $names = @('ScreenSaveActive', 'ScreenSaverIsSecure', 'ScreenSaveTimeOut')
    $found = Read-Key 'Control Panel\Desktop' $names 'CurrentUser'
    $policy = Read-Key 'Software\Policies\Microsoft\Windows\Control Panel\Desktop' $names 'CurrentUser'
    foreach ($name in @($policy.Keys)) { $found[$name] = $policy[$name] }
    $machine = Read-Key 'SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System' @('InactivityTimeoutSecs')
    foreach ($name in @($machine.Keys)) { $found[$name] = $machine[$name] }
    if ($found.Count -gt 0) { $found }
}

# -- the file ----------------------------------------------------------------------------------------------------------

$Target = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Out)
if (Test-Path -LiteralPath $Target -PathType Container) {
    $Target = Join-Path $Target ('{0}-{1}.capture' -f $env:COMPUTERNAME, $Started.ToString('yyyyMMdd-HHmmss', $Invariant))
}
$Head = '#terrier-capture 1 windows ' + $Started.ToString('yyyy-MM-ddTHH:mm:ssZ', $Invariant)
$Text = (@($Head) + $Lines.ToArray() + @('#end', '')) -join "`n"
try {
    $File = [IO.File]::Open($Target, [IO.FileMode]::CreateNew)
    $Bytes = (New-Object Text.UTF8Encoding $false).GetBytes($Text)
    $File.Write($Bytes, 0, $Bytes.Length)
    $File.Close()
}
catch {
    Write-Host "The capture could not be written to $Target."
    Write-Host "$($_.Exception.GetBaseException().Message) Say another folder with -Out."
    exit 2
}
Write-Host "Written: $Target"
if ($Sign) {
    & ssh-keygen -q -Y sign -f $Sign -n terrier-scan $Target
    if ($LASTEXITCODE -ne 0) {
        Write-Host 'It could not be signed.'
        exit 2
    }
    Write-Host "Signed: $Target.sig"
}
if ($Besides.Count -gt 0) {
    Write-Host 'Run it as administrator to get also:'
    foreach ($words in $Besides) { Write-Host "  $words" }
}
exit 0
