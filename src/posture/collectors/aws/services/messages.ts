import type { Service } from '../../collector.ts';
import { flag, text, textAt } from '../../fields.ts';
import type { AwsApi } from '../api.ts';
import { lastOfArn } from '../attributes.ts';
import { callsOf, maybe } from '../calls.ts';

const topics = callsOf('sns', 'sns', 25, { token: 'NextToken' });
const queues = callsOf('sqs', 'sqs', 25, { token: 'NextToken' });

/** Topics: https://docs.aws.amazon.com/sns/latest/api/API_Operations.html */
export const sns: Service<AwsApi> = {
  id: 'sns',
  where: 'regions',
  calls: {
    topics: topics.list('ListTopics', 'Topics'),
    attributes: topics.about('topics', 'GetTopicAttributes', { TopicArn: 'TopicArn' }),
  },
  kinds: [
    {
      type: 'aws_sns_topic',
      call: 'topics',
      id: text('TopicArn'),
      name: lastOfArn('TopicArn'),
      attributes: { arn: text('TopicArn') },
      more: [
        {
          call: 'attributes',
          attributes: {
            kms_master_key_id: text('Attributes.KmsMasterKeyId'),
            policy: text('Attributes.Policy'),
            display_name: text('Attributes.DisplayName'),
          },
        },
      ],
      holds: ['aws_sns_topic_policy'],
    },
  ],
};

/** Queues: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html */
export const sqs: Service<AwsApi> = {
  id: 'sqs',
  where: 'regions',
  calls: {
    queues: queues.list('ListQueues', maybe('QueueUrls'), { params: () => ({ MaxResults: 1000 }) }),
    attributes: queues.about('queues', 'GetQueueAttributes', { QueueUrl: '' }, { input: { AttributeNames: ['All'] } }),
  },
  kinds: [
    {
      type: 'aws_sqs_queue',
      call: 'queues',
      id: (url) => textAt(url, ''),
      name: lastOfArn(''),
      attributes: { url: (url) => textAt(url, '') },
      more: [
        {
          call: 'attributes',
          attributes: {
            arn: text('Attributes.QueueArn'),
            kms_master_key_id: text('Attributes.KmsMasterKeyId'),
            sqs_managed_sse_enabled: flag('Attributes.SqsManagedSseEnabled'),
            policy: text('Attributes.Policy'),
          },
        },
      ],
      holds: ['aws_sqs_queue_policy'],
    },
  ],
};
