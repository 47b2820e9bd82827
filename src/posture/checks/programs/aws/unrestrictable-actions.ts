/**
 * Whether an action cannot be limited to single resources, so that `*` is the only resource it can have. By the service
 * authorization reference: what lists a whole account, and what creates something that has no name yet. An action with a
 * wildcard in its verb stands for others too and counts as one that can be limited.
 */
export function isUnrestrictable(action: string): boolean {
  return ACTIONS.has(action.toLowerCase());
}

const ACTIONS: ReadonlySet<string> = new Set(
  [
    's3:ListAllMyBuckets s3:GetAccountPublicAccessBlock s3:PutAccountPublicAccessBlock s3:ListAccessPoints s3:ListJobs s3:CreateJob s3:ListStorageLensConfigurations',
    'ec2:DescribeAccountAttributes ec2:DescribeAddresses ec2:DescribeAvailabilityZones ec2:DescribeImages ec2:DescribeInstances ec2:DescribeInstanceStatus ec2:DescribeInstanceTypes ec2:DescribeKeyPairs ec2:DescribeNatGateways ec2:DescribeNetworkAcls ec2:DescribeNetworkInterfaces ec2:DescribeRegions ec2:DescribeRouteTables ec2:DescribeSecurityGroups ec2:DescribeSnapshots ec2:DescribeSubnets ec2:DescribeTags ec2:DescribeVolumes ec2:DescribeVpcs ec2:DescribeVpcEndpoints ec2:DescribeInternetGateways ec2:DescribeLaunchTemplates ec2:DescribeSpotPriceHistory ec2:DescribeDhcpOptions ec2:GetEbsEncryptionByDefault ec2:EnableEbsEncryptionByDefault',
    'iam:GetAccountPasswordPolicy iam:UpdateAccountPasswordPolicy iam:GetAccountSummary iam:ListAccountAliases iam:CreateAccountAlias iam:ListGroups iam:ListPolicies iam:ListRoles iam:ListUsers iam:ListServerCertificates iam:ListVirtualMFADevices iam:ListOpenIDConnectProviders iam:GenerateCredentialReport iam:GetCredentialReport iam:GetAccountAuthorizationDetails',
    'sts:GetCallerIdentity sts:GetSessionToken sts:DecodeAuthorizationMessage sts:GetAccessKeyInfo sts:GetServiceBearerToken',
    'ecr:GetAuthorizationToken ecr-public:GetAuthorizationToken ecr:DescribeRegistry ecr:GetRegistryPolicy',
    'kms:ListAliases kms:ListKeys kms:CreateKey kms:GenerateRandom kms:DescribeCustomKeyStores',
    'cloudwatch:PutMetricData cloudwatch:GetMetricData cloudwatch:GetMetricStatistics cloudwatch:ListMetrics cloudwatch:ListDashboards cloudwatch:DescribeAlarmsForMetric',
    'logs:DescribeResourcePolicies logs:PutResourcePolicy logs:DeleteResourcePolicy logs:DescribeDestinations logs:DescribeQueries logs:CreateLogDelivery logs:GetLogDelivery logs:UpdateLogDelivery logs:DeleteLogDelivery logs:ListLogDeliveries',
    'xray:PutTraceSegments xray:PutTelemetryRecords xray:GetSamplingRules xray:GetSamplingTargets xray:GetSamplingStatisticSummaries xray:GetTraceSummaries xray:BatchGetTraces',
    'autoscaling:DescribeAutoScalingGroups autoscaling:DescribeAutoScalingInstances autoscaling:DescribeLaunchConfigurations autoscaling:DescribeTags autoscaling:DescribeScalingActivities',
    'ssm:DescribeParameters ssm:ListCommands ssm:ListDocuments ssm:DescribeInstanceInformation ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel ec2messages:GetMessages ec2messages:AcknowledgeMessage ec2messages:SendReply',
    'cloudfront:ListDistributions cloudfront:ListCachePolicies cloudfront:ListOriginAccessControls route53:ListHostedZones route53:ListHostedZonesByName route53:GetHostedZoneCount route53:CreateHostedZone route53:GetCheckerIpRanges',
    'organizations:DescribeOrganization organizations:ListAccounts organizations:ListRoots organizations:ListDelegatedAdministrators tag:GetResources tag:GetTagKeys tag:GetTagValues',
    'secretsmanager:ListSecrets secretsmanager:GetRandomPassword lambda:ListFunctions lambda:GetAccountSettings lambda:ListEventSourceMappings lambda:CreateEventSourceMapping dynamodb:ListTables dynamodb:DescribeLimits dynamodb:ListStreams sqs:ListQueues sns:ListTopics sns:ListSubscriptions',
    'elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeTargetGroups elasticloadbalancing:DescribeListeners elasticloadbalancing:DescribeRules elasticloadbalancing:DescribeTags elasticloadbalancing:DescribeTargetHealth elasticloadbalancing:DescribeInstanceHealth',
    'ecs:ListClusters ecs:ListTaskDefinitions ecs:RegisterTaskDefinition ecs:DeregisterTaskDefinition ecs:DiscoverPollEndpoint ecs:CreateCluster ecs:DescribeTaskDefinition eks:ListClusters eks:CreateCluster cloudtrail:DescribeTrails cloudtrail:LookupEvents cloudtrail:ListTrails',
    'config:PutEvaluations config:DescribeConfigurationRecorders config:DescribeDeliveryChannels guardduty:ListDetectors guardduty:CreateDetector inspector2:ListFindings access-analyzer:ListAnalyzers ce:GetCostAndUsage pricing:GetProducts health:DescribeEvents support:DescribeTrustedAdvisorChecks rds:DescribeEngineDefaultParameters acm:ListCertificates acm:RequestCertificate ses:GetSendQuota ses:ListIdentities',
  ]
    .join(' ')
    .toLowerCase()
    .split(' '),
);
