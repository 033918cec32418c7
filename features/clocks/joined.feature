Feature: Deadlines of cases that were joined
  Two reports of one matter may have been given different deadlines. The earliest governs, and each is kept.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported

  Rule: merge - the earliest deadline governs, and both are kept
    Scenario: The second report is red
      Given ten minutes later Bram has reported the same as red
      And Ding has merged the second report into the first
      When it becomes Monday 15 April 2024, 09:15
      Then the deadline "Safety questions" is Monday 15 April 2024, 09:40
      And the deadline "Safety questions" comes from the second report
      And by itself "Safety questions" would end Tuesday 16 April 2024, 10:00

    Scenario: Nobody asks the questions in that half an hour
      Given ten minutes later Bram has reported the same as red
      And Ding has merged the second report into the first
      And it has become Monday 15 April 2024, 09:15
      When it becomes Monday 15 April 2024, 09:40
      Then Ding and Chen are reminded of "Safety questions"
      And the deadline "Safety questions" is late

    Scenario: The first report has less time left
      Given ten minutes later Bram has reported the same
      And Ding has merged the second report into the first
      When it becomes Monday 15 April 2024, 09:15
      Then the deadline "Safety questions" is Tuesday 16 April 2024, 10:00
      And the second report's "Safety questions" is kept as Tuesday 16 April 2024, 10:10

  Rule: unmerge - each has its own again
    Scenario: They were two matters
      Given ten minutes later Bram has reported the same as red
      And Ding has merged the second report into the first
      And it has become Monday 15 April 2024, 09:15
      And Ding has taken the second report apart again
      When it becomes Monday 15 April 2024, 09:20
      Then the deadline "Safety questions" is Tuesday 16 April 2024, 10:00
      And the second report has until Monday 15 April 2024, 09:40 for "Safety questions"

    Scenario: Found out after the earlier deadline was missed
      Given ten minutes later Bram has reported the same as red
      And Ding has merged the second report into the first
      And it has become Monday 15 April 2024, 09:45
      And Ding has taken the second report apart again
      When it becomes Tuesday 16 April 2024, 10:00
      Then Chen was reminded twice of "Safety questions"
